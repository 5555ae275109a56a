#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/tensor.h"
#include "core/thread_pool.h"

struct xnn_operator;

// XNNPACK's operators, one class each. All own their operator and take pointers to NHWC data
// (float32, or int8 where "Quantized") at run time; nothing is kept of these. `run` reshapes the
// operator only when shapes change. Every status is checked: anything but success becomes a
// BackendError that names the operator and the shapes, or std::bad_alloc for want of memory. But
// for the thread pool and the microkernels of src/wasm, nobody else includes XNNPACK's headers.
namespace inkdigit {

/// What all operators share: the handle, deleted once, and how to run it.
class XnnOperator {
 protected:
  XnnOperator(const char* name, const ThreadPool& pool);
  XnnOperator(const XnnOperator&) = delete;
  XnnOperator& operator=(const XnnOperator&) = delete;
  ~XnnOperator() = default;

  /// True if `shape` differs from that of the last run, or the operator has not come to run with
  /// it: then it must be reshaped. Remembers it.
  bool shape_changed(const Shape& shape);
  /// Throws BackendError (or std::bad_alloc) unless `status` is xnn_status_success. `step` is
  /// "create", "reshape"….
  void check(int status, const char* step) const;
  /// BackendError if no tensor is aligned so well, in bytes.
  void resize_workspace(size_t bytes, size_t alignment);
  void run_operator();

  struct Delete {
    void operator()(xnn_operator* op) const;
  };
  const char* name_;
  const ThreadPool* pool_;  // borrowed
  Shape shape_;
  bool is_ready_ = false;  // set up for shape_
  std::unique_ptr<xnn_operator, Delete> op_;
  Tensor workspace_;
};

/// Activations in int8 have seven bits, 0 to this: see wasm/dot_kernels.h.
inline constexpr int kActivationSteps = 127;

/// How int8 stands for real numbers: real = scale · (int8 - zero_point).
struct Quantization {
  float scale;
  int8_t zero_point;
};

struct Conv2dShape {
  size_t kernel;  // its side, pixels
  size_t input_channels;
  size_t output_channels;
  size_t padding = 0;  // zeros on all four sides, pixels
  bool relu = false;
};

/// Convolution with stride 1.
class Conv2dOperator : XnnOperator {
 public:
  /// Packs (copies) `kernel`, [output_channels, kernel, kernel, input_channels], and
  /// `bias`, [output_channels] or null.
  Conv2dOperator(const Conv2dShape& shape, const float* kernel, const float* bias,
                 const ThreadPool& pool);
  /// `input` [N, H, W, input_channels] → `output`
  /// [N, H + 2·padding - kernel + 1, W + 2·padding - kernel + 1, output_channels].
  void run(size_t batch_size, size_t height, size_t width, const float* input, float* output);
};

/// Product with constant weights: output = input · weightsᵀ + bias.
class FullyConnectedOperator : XnnOperator {
 public:
  /// Packs (copies) `weights`, [outputs, inputs], and `bias`, [outputs].
  FullyConnectedOperator(size_t inputs, size_t outputs, const float* weights, const float* bias,
                         bool relu, const ThreadPool& pool);
  /// `input` [N, inputs] → `output` [N, outputs].
  void run(size_t batch_size, const float* input, float* output);
};

/// Product whose both sides may change from run to run; the right side is packed at each run, so
/// the smaller matrix should stand there.
class MatrixProduct : XnnOperator {
 public:
  enum class Right { kPlain, kTransposed };
  MatrixProduct(Right right, const ThreadPool& pool);
  /// `batch_size` products at once: each `c` [m, n] = `a` [m, k] · `b`, which is [k, n], or [n, k]
  /// if transposed.
  void run(size_t batch_size, size_t m, size_t k, size_t n, const float* a, const float* b,
           float* c);
};

/// Products with constant right sides, one for each of a batch: c = a · bᵀ.
class ConstantBatchedProduct : XnnOperator {
 public:
  /// Packs (copies) `b`, [batch_size, n, k].
  ConstantBatchedProduct(size_t batch_size, size_t k, size_t n, const float* b,
                         const ThreadPool& pool);
  /// `a` [batch_size, m, k] → `c` [batch_size, m, n].
  void run(size_t m, const float* a, float* c);

 private:
  size_t batch_size_;
  size_t k_;
  size_t n_;
};

/// Maximum over windows of 2×2, stride 2; an odd last row or column is left out.
class MaxPool2dOperator : XnnOperator {
 public:
  explicit MaxPool2dOperator(const ThreadPool& pool);
  /// `input` [N, H, W, C] → `output` [N, H/2, W/2, C].
  void run(size_t batch_size, size_t height, size_t width, size_t channels, const float* input,
           float* output);
};

/// Hyperbolic tangent or ReLU, element by element.
class UnaryOperator : XnnOperator {
 public:
  enum class Function { kTanh, kRelu };
  UnaryOperator(Function function, const ThreadPool& pool);
  /// `input` [count] → `output` [count].
  void run(size_t count, const float* input, float* output);
};

/// Convolution of int8, 0…kActivationSteps, with stride 1 and no padding; weights have a scale for
/// each output channel (and 0 for 0).
class QuantizedConv2dOperator : XnnOperator {
 public:
  /// Packs (copies) `kernel`, [output_channels, kernel, kernel, input_channels], its
  /// scales and `bias`, [output_channels]; bias is in units of input.scale · kernel_scale.
  QuantizedConv2dOperator(const Conv2dShape& shape, Quantization input, const int8_t* kernel,
                          const float* kernel_scales, const int32_t* bias, Quantization output,
                          const ThreadPool& pool);
  /// As Conv2dOperator::run.
  void run(size_t batch_size, size_t height, size_t width, const int8_t* input, int8_t* output);
};

/// Product of int8 input, 0…kActivationSteps, with constant int8 weights (a scale for each output),
/// to float32.
class QuantizedFullyConnectedOperator : XnnOperator {
 public:
  /// Packs (copies) `weights`, [outputs, inputs], their scales and `bias`, [outputs].
  QuantizedFullyConnectedOperator(size_t inputs, size_t outputs, Quantization input,
                                  const int8_t* weights, const float* weight_scales,
                                  const float* bias, bool relu, const ThreadPool& pool);
  ~QuantizedFullyConnectedOperator();
  /// `input` [N, inputs] → `output` [N, outputs].
  void run(size_t batch_size, const int8_t* input, float* output);

 private:
  struct Rows;  // what XNNPACK wants to know of every row
  Quantization input_;
  std::unique_ptr<Rows> rows_;
};

/// As MaxPool2dOperator, of int8.
class QuantizedMaxPool2dOperator : XnnOperator {
 public:
  explicit QuantizedMaxPool2dOperator(const ThreadPool& pool);
  void run(size_t batch_size, size_t height, size_t width, size_t channels, const int8_t* input,
           int8_t* output);
};

/// Moves axes: output axis i is input axis permutation[i].
class TransposeOperator : XnnOperator {
 public:
  explicit TransposeOperator(const ThreadPool& pool);
  void run(const Shape& input_shape, const std::vector<size_t>& permutation, const float* input,
           float* output);
};

}  // namespace inkdigit
