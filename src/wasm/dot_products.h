// The products that the microkernels add up, with relaxed SIMD and without: for dot_kernels.c
// alone.
#pragma once

#include <stdint.h>
#include <wasm_simd128.h>

#include "wasm/dot_kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE size_t padded(size_t depth) { return (depth + kDepth - 1) / kDepth * kDepth; }

typedef struct {
  v128_t low, high;  // columns 0…3 and 4…7 of one row
} Sums;

// Two functions add the products of `depth` activations, from `first` on, with the next weights,
// and return where those end: multiply_rows for a tile, multiply_row for one row.

#ifdef __wasm_relaxed_simd__

#define f32x4_min wasm_f32x4_relaxed_min
#define f32x4_max wasm_f32x4_relaxed_max

// Relaxed, but exact: the second factor has seven bits.
ALWAYS_INLINE void add_products(Sums* sums, v128_t low, v128_t high, const int8_t* activations) {
  const v128_t four = wasm_v128_load32_splat(activations);
  sums->low = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(low, four, sums->low);
  sums->high = wasm_i32x4_relaxed_dot_i8x16_i7x16_add(high, four, sums->high);
}

// Unrolling it, or moving pointers along instead of one index, costs registers: it is slower.
ALWAYS_INLINE const int8_t* multiply_rows(size_t first, size_t depth, const int8_t* const a[kRows],
                                          const int8_t* w, Sums sums[kRows]) {
  const int8_t* at[kRows];
#pragma clang loop unroll(full)
  for (size_t row = 0; row < kRows; ++row) at[row] = a[row];
#pragma clang loop unroll(disable)
  for (size_t k = first; k < first + depth; k += kDepth) {
    const v128_t low = wasm_v128_load(w), high = wasm_v128_load(w + 16);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < kRows; ++row) add_products(&sums[row], low, high, at[row] + k);
    w += kColumns * kDepth;
  }
  return w;
}

// Four sums in turn, so that none waits for the one before.
ALWAYS_INLINE const int8_t* multiply_row(size_t first, size_t depth, const int8_t* a,
                                         const int8_t* w, Sums* sums) {
  Sums parts[4] = {*sums};
  parts[1].low = parts[1].high = parts[2].low = parts[2].high = parts[3].low = parts[3].high =
      wasm_i32x4_const_splat(0);
  a += first;
  size_t k = 0;
  for (; k + 4 * kDepth <= depth; k += 4 * kDepth, w += 4 * kColumns * kDepth) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; ++i) {
      const int8_t* next = w + i * kColumns * kDepth;
      add_products(&parts[i], wasm_v128_load(next), wasm_v128_load(next + 16), a + k + i * kDepth);
    }
  }
  for (; k < depth; k += kDepth, w += kColumns * kDepth) {
    add_products(&parts[0], wasm_v128_load(w), wasm_v128_load(w + 16), a + k);
  }
  sums->low = wasm_i32x4_add(wasm_i32x4_add(parts[0].low, parts[1].low),
                             wasm_i32x4_add(parts[2].low, parts[3].low));
  sums->high = wasm_i32x4_add(wasm_i32x4_add(parts[0].high, parts[1].high),
                              wasm_i32x4_add(parts[2].high, parts[3].high));
  return w;
}

#else

// Minima and maxima as x86 has them; there is nothing here that is not a number.
#define f32x4_min wasm_f32x4_pmin
#define f32x4_max wasm_f32x4_pmax

// `pair`: two activations of a row, of 16 bits, four times over.
ALWAYS_INLINE void add_products(Sums* sums, v128_t low, v128_t high, v128_t pair) {
  sums->low = wasm_i32x4_add(sums->low, wasm_i32x4_dot_i16x8(low, pair));
  sums->high = wasm_i32x4_add(sums->high, wasm_i32x4_dot_i16x8(high, pair));
}

// Activations are widened eight at a time, four pairs, and then each pair is spread over a vector.
ALWAYS_INLINE v128_t spread(v128_t eight, size_t pair) {
  switch (pair) {
    case 0:
      return wasm_i32x4_shuffle(eight, eight, 0, 0, 0, 0);
    case 1:
      return wasm_i32x4_shuffle(eight, eight, 1, 1, 1, 1);
    case 2:
      return wasm_i32x4_shuffle(eight, eight, 2, 2, 2, 2);
    default:
      return wasm_i32x4_shuffle(eight, eight, 3, 3, 3, 3);
  }
}

ALWAYS_INLINE const int8_t* multiply_some(size_t rows, size_t first, size_t depth,
                                          const int8_t* const* a, const int8_t* w, Sums* sums) {
  const size_t end = first + depth;
  size_t k = first;
#pragma clang loop unroll(disable)
  for (; k + 8 <= end; k += 8) {
    v128_t eight[kRows];
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; ++row) eight[row] = wasm_i16x8_load8x8(a[row] + k);
#pragma clang loop unroll(full)
    for (size_t pair = 0; pair < 4; ++pair, w += kColumns * kDepth) {
      const v128_t low = wasm_i16x8_load8x8(w), high = wasm_i16x8_load8x8(w + 8);
#pragma clang loop unroll(full)
      for (size_t row = 0; row < rows; ++row) {
        add_products(&sums[row], low, high, spread(eight[row], pair));
      }
    }
  }
#pragma clang loop unroll(disable)
  for (; k < end; k += kDepth, w += kColumns * kDepth) {
    const v128_t low = wasm_i16x8_load8x8(w), high = wasm_i16x8_load8x8(w + 8);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < rows; ++row) {
      const v128_t two = wasm_i16x8_extend_low_i8x16(wasm_v128_load16_splat(a[row] + k));
      add_products(&sums[row], low, high, two);
    }
  }
  return w;
}

ALWAYS_INLINE const int8_t* multiply_rows(size_t first, size_t depth, const int8_t* const a[kRows],
                                          const int8_t* w, Sums sums[kRows]) {
  return multiply_some(kRows, first, depth, a, w, sums);
}

ALWAYS_INLINE const int8_t* multiply_row(size_t first, size_t depth, const int8_t* a,
                                         const int8_t* w, Sums* sums) {
  return multiply_some(1, first, depth, &a, w, sums);
}

#endif
