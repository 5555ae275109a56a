#pragma once

#include "core/tensor.h"
#include "core/thread_pool.h"

// Small loops that several layers share and for which XNNPACK has no operator.
namespace inkdigit {

/// ReLU's derivative, from its output: sets `grad` (same shape) to 0 where `output` is 0.
void relu_backward(const Tensor& output, Tensor& grad, const ThreadPool& pool);

/// Adds `part` to `sum`, which has as many elements.
void add(const Tensor& part, Tensor& sum);

/// Views `matrix` as [rows, columns] and writes the sum of its rows to `sums`, [columns]. The
/// result does not depend on the number of threads.
void sum_rows(const Tensor& matrix, size_t columns, Tensor& sums, const ThreadPool& pool);

}  // namespace inkdigit
