// Microkernels of our own for XNNPACK's int8 operators in a browser. XNNPACK's need more registers
// than a browser has on x86, and with relaxed SIMD four kinds of each, because relaxed instructions
// may differ from processor to processor where a factor has eight bits. Ours take activations of
// seven bits, 0…127, which is what QuantizedNetwork has: then the relaxed dot product is exact, and
// all builds give the same. Parameters are those of XNNPACK's own microkernels
// (xnnpack/microfnptr.h); convolutions have no padding.
#pragma once

#include <stddef.h>

struct xnn_qd8_quantization_params;

// A tile: rows of activations (or one row) by columns of weights, of which so many follow each
// other in a column. It is as large as the fifteen registers allow that browsers have of x86's.
#ifdef __wasm_relaxed_simd__
enum { kRows = 6, kColumns = 8, kDepth = 4 };
#else
enum { kRows = 4, kColumns = 8, kDepth = 2 };
#endif

#define INKDIGIT_ROWS                                                                      \
  size_t mr, size_t nc, size_t kc, const void *a, size_t a_stride, const void *w, void *c, \
      size_t cm_stride, size_t cn_stride, const void *params
#define INKDIGIT_PIXELS                                                               \
  size_t mr, size_t nc, size_t kc, size_t ks, const void **a, const void *w, void *c, \
      size_t cm_stride, size_t cn_stride, size_t a_offset, const void *zero, const void *params

// int8 · int8 → int8: matrices (convolutions of 1×1), and convolutions by pointers to their pixels.
void inkdigit_gemm_row(INKDIGIT_ROWS);
void inkdigit_gemm_tile(INKDIGIT_ROWS);
void inkdigit_igemm_row(INKDIGIT_PIXELS);
void inkdigit_igemm_tile(INKDIGIT_PIXELS);

// int8 · int8 → float32: dense layers.
void inkdigit_dense_row(INKDIGIT_ROWS, const struct xnn_qd8_quantization_params *quantization);
void inkdigit_dense_tile(INKDIGIT_ROWS, const struct xnn_qd8_quantization_params *quantization);

// Packing of weights, [columns, taps · depth], for these: as XNNPACK's own functions of the same
// parameters, but in steps that are quick before the browser has optimized them, which is when a
// page loads. `packed` is full of zeros.
void inkdigit_pack_rows(size_t groups, size_t nc, size_t kc, size_t nr, size_t kr, size_t sr,
                        const void *k, const void *b, const void *scale, void *packed,
                        size_t extra_bytes, const void *params);
void inkdigit_pack_pixels(size_t groups, size_t nc, size_t ks, size_t kc, size_t nr, size_t kr,
                          size_t sr, const void *k, const void *b, const void *scale, void *packed,
                          size_t extra_bytes, const void *params);
