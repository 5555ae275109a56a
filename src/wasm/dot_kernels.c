#include "wasm/dot_kernels.h"

#include <wasm_simd128.h>
#include <xnnpack/microparams.h>

#include "wasm/dot_products.h"

// `rows` is known where this is compiled: one of the two is left.
ALWAYS_INLINE const int8_t* multiply(size_t rows, size_t first, size_t depth,
                                     const int8_t* const* a, const int8_t* w, Sums* sums) {
  return rows == 1 ? multiply_row(first, depth, a[0], w, sums)
                   : multiply_rows(first, depth, a, w, sums);
}

typedef struct {
  v128_t least, most, zero_point_less_magic;
} Rounding;

// 1.5·2²³: what is added to it is rounded to the nearest integer, which is then in the lowest bits.
static const float kMagic = 0x1.8p23f;
static const int32_t kMagicBits = 0x4B400000;

ALWAYS_INLINE Rounding make_rounding(const union xnn_qs8_qc8w_conv_minmax_params* params) {
  const int32_t zero_point = params->fp32_scalar.output_zero_point;
  return (Rounding){
      .least = wasm_f32x4_splat((float)(params->fp32_scalar.output_min - zero_point)),
      .most = wasm_f32x4_splat((float)(params->fp32_scalar.output_max - zero_point)),
      .zero_point_less_magic = wasm_i32x4_splat(zero_point - kMagicBits),
  };
}

ALWAYS_INLINE v128_t rounded(v128_t sums, const float* scales, Rounding rounding) {
  v128_t real = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sums), wasm_v128_load(scales));
  real = f32x4_min(f32x4_max(real, rounding.least), rounding.most);
  return wasm_i32x4_add(wasm_f32x4_add(real, wasm_f32x4_splat(kMagic)),
                        rounding.zero_point_less_magic);
}

ALWAYS_INLINE void store_bytes(int8_t* c, v128_t bytes, size_t count) {
  if (count >= kColumns) {
    wasm_v128_store64_lane(c, bytes, 0);
    return;
  }
  int8_t all[16];
  wasm_v128_store(all, bytes);
  for (size_t i = 0; i < count; ++i) c[i] = all[i];
}

// Where there are fewer rows than in a tile, the others stand for the last one: they give, and
// store, the same once more.
ALWAYS_INLINE size_t stored_row(size_t row, size_t mr) { return row < mr ? row : mr - 1; }

// `taps` · `rows` pointers to `kc` activations each; `rows` is 1 or kRows.
ALWAYS_INLINE void convolve(size_t rows, size_t mr, size_t nc, size_t kc, size_t taps,
                            const int8_t* const* a, const int8_t* w, int8_t* c, size_t cm_stride,
                            size_t cn_stride, size_t a_offset,
                            const union xnn_qs8_qc8w_conv_minmax_params* params) {
  const size_t depth = padded(kc);
  for (;;) {
    Sums sums[kRows];
    const Sums bias = {wasm_v128_load(w), wasm_v128_load(w + 16)};
    w += kColumns * sizeof(int32_t);
    for (size_t row = 0; row < rows; ++row) sums[row] = bias;
    const int8_t* const* pixels = a;
    for (size_t tap = taps; tap != 0; --tap, pixels += rows) {
      w = multiply(rows, a_offset, depth, pixels, w, sums);
    }
    const float* const scales = (const float*)w;
    w += kColumns * sizeof(float);
    // Not before the loop: it would hold registers all through the products.
    const Rounding rounding = make_rounding(params);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; ++row) {
      const v128_t words = wasm_i16x8_narrow_i32x4(rounded(sums[row].low, scales, rounding),
                                                   rounded(sums[row].high, scales + 4, rounding));
      store_bytes(c + stored_row(row, mr) * cm_stride, wasm_i8x16_narrow_i16x8(words, words), nc);
    }
    if (nc <= kColumns) return;
    nc -= kColumns;
    c += cn_stride;
  }
}

void inkdigit_igemm_tile(INKDIGIT_PIXELS) {
  convolve(kRows, mr, nc, kc, ks / (kRows * sizeof(void*)), (const int8_t* const*)a, w, c,
           cm_stride, cn_stride, a_offset, params);
}

void inkdigit_igemm_row(INKDIGIT_PIXELS) {
  convolve(1, mr, nc, kc, ks / sizeof(void*), (const int8_t* const*)a, w, c, cm_stride, cn_stride,
           a_offset, params);
}

ALWAYS_INLINE void point_to_rows(size_t mr, const int8_t* a, size_t stride,
                                 const int8_t* rows[kRows]) {
  for (size_t row = 0; row < kRows; ++row) rows[row] = a + stored_row(row, mr) * stride;
}

void inkdigit_gemm_tile(INKDIGIT_ROWS) {
  const int8_t* rows[kRows];
  point_to_rows(mr, a, a_stride, rows);
  inkdigit_igemm_tile(mr, nc, kc, sizeof rows, (const void**)rows, w, c, cm_stride, cn_stride, 0, 0,
                      params);
}

void inkdigit_gemm_row(INKDIGIT_ROWS) {
  (void)a_stride;
  inkdigit_igemm_row(mr, nc, kc, sizeof a, &a, w, c, cm_stride, cn_stride, 0, 0, params);
}

ALWAYS_INLINE v128_t real(v128_t sums, float input_scale, const float* scales, const float* bias,
                          const union xnn_f32_minmax_params* params) {
  const v128_t product =
      wasm_f32x4_mul(wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sums), wasm_f32x4_splat(input_scale)),
                     wasm_v128_load(scales));
  return f32x4_min(f32x4_max(wasm_f32x4_add(product, wasm_v128_load(bias)),
                             wasm_f32x4_splat(params->scalar.min)),
                   wasm_f32x4_splat(params->scalar.max));
}

ALWAYS_INLINE void store_floats(float* c, v128_t low, v128_t high, size_t count) {
  if (count >= kColumns) {
    wasm_v128_store(c, low);
    wasm_v128_store(c + 4, high);
    return;
  }
  float all[kColumns];
  wasm_v128_store(all, low);
  wasm_v128_store(all + 4, high);
  for (size_t i = 0; i < count; ++i) c[i] = all[i];
}

ALWAYS_INLINE void dense(size_t rows, size_t mr, size_t nc, size_t kc, const int8_t* a,
                         size_t a_stride, const int8_t* w, char* c, size_t cm_stride,
                         size_t cn_stride, const void* params,
                         const struct xnn_qd8_quantization_params* quantization) {
  const int8_t* at[kRows];
  point_to_rows(mr, a, a_stride, at);
  for (;;) {
    Sums sums[kRows];
    for (size_t row = 0; row < rows; ++row) {
      const v128_t zero_point = wasm_i32x4_splat(quantization[stored_row(row, mr)].zero_point);
      sums[row].low = wasm_i32x4_mul(wasm_v128_load(w), zero_point);
      sums[row].high = wasm_i32x4_mul(wasm_v128_load(w + 16), zero_point);
    }
    w = multiply(rows, 0, padded(kc), at, w + kColumns * sizeof(int32_t), sums);
    const float* const scales = (const float*)w;
    const float* const bias = scales + kColumns;
    w += 2 * kColumns * sizeof(float);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; ++row) {
      const size_t stored = stored_row(row, mr);
      const float scale = quantization[stored].inv_scale;
      store_floats((float*)(c + stored * cm_stride),
                   real(sums[row].low, scale, scales, bias, params),
                   real(sums[row].high, scale, scales + 4, bias + 4, params), nc);
    }
    if (nc <= kColumns) return;
    nc -= kColumns;
    c += cn_stride;
  }
}

void inkdigit_dense_tile(INKDIGIT_ROWS, const struct xnn_qd8_quantization_params* quantization) {
  dense(kRows, mr, nc, kc, a, a_stride, w, c, cm_stride, cn_stride, params, quantization);
}

void inkdigit_dense_row(INKDIGIT_ROWS, const struct xnn_qd8_quantization_params* quantization) {
  dense(1, mr, nc, kc, a, a_stride, w, c, cm_stride, cn_stride, params, quantization);
}
