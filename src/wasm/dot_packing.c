#include <string.h>
#include <xnnpack/pack.h>

#include "wasm/dot_kernels.h"
#include "wasm/dot_products.h"

// Σ weights · zero point, which the products have too much of.
ALWAYS_INLINE int32_t excess(const int8_t* weights, size_t count, int32_t zero_point) {
  if (zero_point == 0) return 0;
  int32_t sum = 0;
  for (size_t i = 0; i < count; ++i) sum += weights[i];
  return sum * zero_point;
}

void inkdigit_pack_pixels(size_t groups, size_t nc, size_t ks, size_t kc, size_t nr, size_t kr,
                          size_t sr, const void* k, const void* b, const void* scale, void* packed,
                          size_t extra_bytes, const void* params) {
  (void)groups, (void)nr, (void)kr, (void)sr, (void)scale;  // 1, those of the tile, 1, none
  const struct xnn_qs8_packing_params* const input = params;
  const size_t column_size = ks * kc;
  const size_t whole = kc / kDepth * kDepth, rest = kc - whole;
  const int8_t* weights = k;
  const int32_t* bias = b;
  int8_t* target = packed;
  for (size_t first = 0; first < nc; first += kColumns, weights += kColumns * column_size) {
    const size_t columns = nc - first < kColumns ? nc - first : kColumns;
    int32_t* const sums = (int32_t*)target;
    for (size_t c = 0; c < columns; ++c) {
      sums[c] = (bias ? bias[first + c] : 0) -
                excess(weights + c * column_size, column_size, input->input_zero_point);
    }
    target += kColumns * sizeof(int32_t);
    for (size_t tap = 0; tap < ks; ++tap) {
      const int8_t* const source = weights + tap * kc;
      for (size_t d = 0; d < whole; d += kDepth, target += kColumns * kDepth) {
        for (size_t c = 0; c < columns; ++c) {
          memcpy(target + c * kDepth, source + c * column_size + d, kDepth);
        }
      }
      if (rest == 0) continue;
      for (size_t c = 0; c < columns; ++c) {
        memcpy(target + c * kDepth, source + c * column_size + whole, rest);
      }
      target += kColumns * kDepth;
    }
    target += extra_bytes;
  }
}

void inkdigit_pack_rows(size_t groups, size_t nc, size_t kc, size_t nr, size_t kr, size_t sr,
                        const void* k, const void* b, const void* scale, void* packed,
                        size_t extra_bytes, const void* params) {
  inkdigit_pack_pixels(groups, nc, 1, kc, nr, kr, sr, k, b, scale, packed, extra_bytes, params);
}
