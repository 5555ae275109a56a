// Microkernels of our own for XNNPACK's int8 operators, for browsers with relaxed SIMD. XNNPACK's
// need more registers than a browser has on x86, and four kinds of each, because relaxed
// instructions may differ from processor to processor where a factor has eight bits. Ours take
// activations of seven bits, 0…127, which is what QuantizedNetwork has: then the relaxed dot
// product is exact and the same everywhere, and one kind does. Parameters are those of XNNPACK's
// own microkernels (xnnpack/microfnptr.h), which packs the weights; convolutions have no padding.
#pragma once

#include <stddef.h>

struct xnn_qd8_quantization_params;

// A tile: rows of activations (or one row) by columns of weights, of which so many follow each
// other in a column. Its twelve sums, two vectors of weights and one of activations are fifteen
// registers, which is what browsers have of x86's.
enum { kRows = 6, kColumns = 8, kDepth = 4 };

#define INKDIGIT_ROWS                                                                      \
  size_t mr, size_t nc, size_t kc, const void *a, size_t a_stride, const void *w, void *c, \
      size_t cm_stride, size_t cn_stride, const void *params
#define INKDIGIT_PIXELS                                                               \
  size_t mr, size_t nc, size_t kc, size_t ks, const void **a, const void *w, void *c, \
      size_t cm_stride, size_t cn_stride, size_t a_offset, const void *zero, const void *params

// int8 · int8 → int8: matrices (convolutions of 1×1), and convolutions by pointers to their pixels.
void inkdigit_gemm_1x8(INKDIGIT_ROWS);
void inkdigit_gemm_6x8(INKDIGIT_ROWS);
void inkdigit_igemm_1x8(INKDIGIT_PIXELS);
void inkdigit_igemm_6x8(INKDIGIT_PIXELS);

// int8 · int8 → float32: dense layers.
void inkdigit_dense_1x8(INKDIGIT_ROWS, const struct xnn_qd8_quantization_params *quantization);
void inkdigit_dense_6x8(INKDIGIT_ROWS, const struct xnn_qd8_quantization_params *quantization);
