#include "nn/elementwise.h"

#include <algorithm>

namespace inkdigit {

void relu_backward(const Tensor& output, Tensor& grad, const ThreadPool& pool) {
  pool.parallel_for(output.size(), kElementGrain, [&](size_t begin, size_t end) {
    const float* y = output.data();
    float* __restrict g = grad.data();
    for (size_t i = begin; i < end; ++i) g[i] = y[i] > 0.0f ? g[i] : 0.0f;
  });
}

void add(const Tensor& part, Tensor& sum) {
  const float* x = part.data();
  float* __restrict y = sum.data();
  for (size_t i = 0; i < sum.size(); ++i) y[i] += x[i];
}

void sum_rows(const Tensor& matrix, size_t columns, Tensor& sums, const ThreadPool& pool) {
  const size_t rows = matrix.size() / columns;
  const size_t rows_per_grain = std::max<size_t>(1, kElementGrain / columns);
  const size_t grains = (rows + rows_per_grain - 1) / rows_per_grain;
  // One partial sum a grain, added up in order: also kinder to float's precision than one long sum.
  Tensor partial({grains, columns});
  pool.parallel_for(rows, rows_per_grain, [&](size_t begin, size_t end) {
    float* __restrict sum = partial.data() + begin / rows_per_grain * columns;
    for (size_t row = begin; row < end; ++row) {
      const float* values = matrix.data() + row * columns;
      for (size_t column = 0; column < columns; ++column) sum[column] += values[column];
    }
  });
  sums.fill(0.0f);
  float* __restrict total = sums.data();
  for (size_t grain = 0; grain < grains; ++grain) {
    const float* sum = partial.data() + grain * columns;
    for (size_t column = 0; column < columns; ++column) total[column] += sum[column];
  }
}

}  // namespace inkdigit
