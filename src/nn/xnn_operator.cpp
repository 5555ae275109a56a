#include "nn/xnn_operator.h"

#include <xnnpack.h>

#include <limits>
#include <new>
#include <string>

#include "core/errors.h"

namespace inkdigit {

namespace {

static_assert(Tensor::kSlackBytes >= XNN_EXTRA_BYTES);

constexpr uint32_t kFlags = XNN_FLAG_YIELD_WORKERS;  // idle workers let others have the core
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::string describe(int status) {
  switch (status) {
    case xnn_status_uninitialized:
      return "XNNPACK is not initialised";
    case xnn_status_invalid_parameter:
      return "invalid parameter";
    case xnn_status_invalid_state:
      return "invalid state";
    case xnn_status_unsupported_parameter:
      return "unsupported parameter";
    case xnn_status_unsupported_hardware:
      return "unsupported hardware";
    default:
      return "status " + std::to_string(status);
  }
}

// Chooses kernels for this CPU. Done once; XNNPACK itself makes repeated calls harmless.
void initialize_backend() {
  static const xnn_status status = xnn_initialize(/*allocator=*/nullptr);
  if (status != xnn_status_success) {
    throw BackendError("XNNPACK cannot be used here: " + describe(status));
  }
}

}  // namespace

void XnnOperator::Delete::operator()(xnn_operator* op) const { xnn_delete_operator(op); }

XnnOperator::XnnOperator(const char* name, const ThreadPool& pool) : name_(name), pool_(&pool) {
  initialize_backend();
}

bool XnnOperator::shape_changed(const Shape& shape) {
  if (is_ready_ && shape == shape_) return false;
  shape_ = shape;
  is_ready_ = false;
  return true;
}

void XnnOperator::resize_workspace(size_t bytes, size_t alignment) {
  if (alignment > Tensor::kAlignment) check(xnn_status_unsupported_parameter, "reshape");
  workspace_.resize({bytes / sizeof(float) + 1});
}

void XnnOperator::check(int status, const char* step) const {
  if (status == xnn_status_success) return;
  if (status == xnn_status_out_of_memory) throw std::bad_alloc();
  throw BackendError(std::string(name_) + ": " + step + " failed for shape " + to_string(shape_) +
                     ": " + describe(status));
}

void XnnOperator::run_operator() {
  is_ready_ = true;
  check(xnn_run_operator(op_.get(), pool_->handle()), "run");
}

// ---------------------------------------------------------------------------------------------

Conv2dOperator::Conv2dOperator(const Conv2dShape& shape, const float* kernel, const float* bias,
                               const ThreadPool& pool)
    : XnnOperator("conv2d", pool) {
  shape_ = {shape.output_channels, shape.kernel, shape.kernel, shape.input_channels};
  const auto side = static_cast<uint32_t>(shape.kernel);
  const auto padding = static_cast<uint32_t>(shape.padding);
  xnn_operator_t op = nullptr;
  check(xnn_create_convolution2d_nhwc_f32(
            padding, padding, padding, padding, side, side, /*subsampling_height=*/1,
            /*subsampling_width=*/1, /*dilation_height=*/1, /*dilation_width=*/1, /*groups=*/1,
            shape.input_channels, shape.output_channels,
            /*input_channel_stride=*/shape.input_channels,
            /*output_channel_stride=*/shape.output_channels, kernel, bias,
            shape.relu ? 0.0f : -kInfinity, kInfinity, kFlags, /*code_cache=*/nullptr,
            /*weights_cache=*/nullptr, &op),
        "create");
  op_.reset(op);
}

void Conv2dOperator::run(size_t batch_size, size_t height, size_t width, const float* input,
                         float* output) {
  if (shape_changed({batch_size, height, width})) {
    size_t workspace_size = 0, workspace_alignment = 0;
    check(xnn_reshape_convolution2d_nhwc_f32(op_.get(), batch_size, height, width, &workspace_size,
                                             &workspace_alignment, /*output_height_out=*/nullptr,
                                             /*output_width_out=*/nullptr, pool_->handle()),
          "reshape");
    resize_workspace(workspace_size, workspace_alignment);
  }
  check(xnn_setup_convolution2d_nhwc_f32(op_.get(), workspace_.data(), input, output), "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

FullyConnectedOperator::FullyConnectedOperator(size_t inputs, size_t outputs, const float* weights,
                                               const float* bias, bool relu, const ThreadPool& pool)
    : XnnOperator("fully_connected", pool) {
  shape_ = {outputs, inputs};
  xnn_operator_t op = nullptr;
  check(xnn_create_fully_connected_nc_f32(inputs, outputs, /*input_stride=*/inputs,
                                          /*output_stride=*/outputs, weights, bias,
                                          relu ? 0.0f : -kInfinity, kInfinity, kFlags,
                                          /*code_cache=*/nullptr, /*weights_cache=*/nullptr, &op),
        "create");
  op_.reset(op);
}

void FullyConnectedOperator::run(size_t batch_size, const float* input, float* output) {
  if (shape_changed({batch_size})) {
    check(xnn_reshape_fully_connected_nc_f32(op_.get(), batch_size, pool_->handle()), "reshape");
  }
  check(xnn_setup_fully_connected_nc_f32(op_.get(), input, output), "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

MatrixProduct::MatrixProduct(Right right, const ThreadPool& pool)
    : XnnOperator("batch_matrix_multiply", pool) {
  const uint32_t flags = right == Right::kTransposed ? kFlags | XNN_FLAG_TRANSPOSE_B : kFlags;
  xnn_operator_t op = nullptr;
  check(xnn_create_batch_matrix_multiply_nc_f32(flags, &op), "create");
  op_.reset(op);
}

void MatrixProduct::run(size_t batch_size, size_t m, size_t k, size_t n, const float* a,
                        const float* b, float* c) {
  if (shape_changed({batch_size, m, k, n})) {
    size_t workspace_size = 0, workspace_alignment = 0;
    check(xnn_reshape_batch_matrix_multiply_nc_f32(op_.get(), /*num_batch_dims=*/1, &batch_size,
                                                   &batch_size, m, k, n, &workspace_size,
                                                   &workspace_alignment, pool_->handle()),
          "reshape");
    resize_workspace(workspace_size, workspace_alignment);
  }
  check(xnn_setup_batch_matrix_multiply_nc_f32(op_.get(), workspace_.data(), a, b, c), "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

ConstantBatchedProduct::ConstantBatchedProduct(size_t batch_size, size_t k, size_t n,
                                               const float* b, const ThreadPool& pool)
    : XnnOperator("batch_matrix_multiply", pool), batch_size_(batch_size), k_(k), n_(n) {
  shape_ = {batch_size, k, n};
  xnn_operator_t op = nullptr;
  check(xnn_create_batch_matrix_multiply_nc_f32_const_weights(batch_size, k, n, b,
                                                              kFlags | XNN_FLAG_TRANSPOSE_B, &op),
        "create");
  op_.reset(op);
}

void ConstantBatchedProduct::run(size_t m, const float* a, float* c) {
  if (shape_changed({batch_size_, m, k_, n_})) {
    size_t workspace_size = 0, workspace_alignment = 0;
    check(xnn_reshape_batch_matrix_multiply_nc_f32(op_.get(), /*num_batch_dims=*/1, &batch_size_,
                                                   &batch_size_, m, k_, n_, &workspace_size,
                                                   &workspace_alignment, pool_->handle()),
          "reshape");
    resize_workspace(workspace_size, workspace_alignment);
  }
  check(xnn_setup_batch_matrix_multiply_nc_f32(op_.get(), workspace_.data(), a, /*input_b=*/nullptr,
                                               c),
        "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

MaxPool2dOperator::MaxPool2dOperator(const ThreadPool& pool) : XnnOperator("max_pool2d", pool) {
  xnn_operator_t op = nullptr;
  check(xnn_create_max_pooling2d_nhwc_f32(
            /*padding: top, right, bottom, left*/ 0, 0, 0, 0, /*pooling_height=*/2,
            /*pooling_width=*/2, /*stride_height=*/2, /*stride_width=*/2, /*dilation_height=*/1,
            /*dilation_width=*/1, -kInfinity, kInfinity, kFlags, &op),
        "create");
  op_.reset(op);
}

void MaxPool2dOperator::run(size_t batch_size, size_t height, size_t width, size_t channels,
                            const float* input, float* output) {
  if (shape_changed({batch_size, height, width, channels})) {
    check(xnn_reshape_max_pooling2d_nhwc_f32(op_.get(), batch_size, height, width, channels,
                                             /*input_pixel_stride=*/channels,
                                             /*output_pixel_stride=*/channels,
                                             /*output_height_out=*/nullptr,
                                             /*output_width_out=*/nullptr, pool_->handle()),
          "reshape");
  }
  check(xnn_setup_max_pooling2d_nhwc_f32(op_.get(), input, output), "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

UnaryOperator::UnaryOperator(Function function, const ThreadPool& pool)
    : XnnOperator(function == Function::kTanh ? "tanh" : "relu", pool) {
  xnn_unary_params params{};
  params.clamp.min = 0.0f;
  params.clamp.max = kInfinity;
  xnn_operator_t op = nullptr;
  check(xnn_create_unary_elementwise_nc(
            function == Function::kTanh ? xnn_unary_tanh : xnn_unary_clamp, xnn_datatype_fp32,
            xnn_datatype_fp32, function == Function::kTanh ? nullptr : &params,
            /*input_quantization=*/nullptr, /*output_quantization=*/nullptr, kFlags, &op),
        "create");
  op_.reset(op);
}

void UnaryOperator::run(size_t count, const float* input, float* output) {
  if (shape_changed({count})) {
    check(
        xnn_reshape_unary_elementwise_nc(op_.get(), /*batch_size=*/count, /*channels=*/1,
                                         /*input_stride=*/1, /*output_stride=*/1, pool_->handle()),
        "reshape");
  }
  check(xnn_setup_unary_elementwise_nc(op_.get(), input, output), "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

QuantizedConv2dOperator::QuantizedConv2dOperator(const Conv2dShape& shape, Quantization input,
                                                 const int8_t* kernel, const float* kernel_scales,
                                                 const int32_t* bias, Quantization output,
                                                 const ThreadPool& pool)
    : XnnOperator("quantized conv2d", pool) {
  shape_ = {shape.output_channels, shape.kernel, shape.kernel, shape.input_channels};
  const auto side = static_cast<uint32_t>(shape.kernel);
  xnn_operator_t op = nullptr;
  check(xnn_create_convolution2d_nhwc_qs8_qc8w(
            /*padding*/ 0, 0, 0, 0, side, side, /*subsampling_height=*/1,
            /*subsampling_width=*/1, /*dilation_height=*/1, /*dilation_width=*/1, /*groups=*/1,
            shape.input_channels, shape.output_channels,
            /*input_channel_stride=*/shape.input_channels,
            /*output_channel_stride=*/shape.output_channels, input.zero_point, input.scale,
            kernel_scales, kernel, bias, output.zero_point, output.scale,
            shape.relu ? output.zero_point : int8_t{0}, int8_t{kActivationSteps}, kFlags,
            /*code_cache=*/nullptr, /*weights_cache=*/nullptr, &op),
        "create");
  op_.reset(op);
}

void QuantizedConv2dOperator::run(size_t batch_size, size_t height, size_t width,
                                  const int8_t* input, int8_t* output) {
  if (shape_changed({batch_size, height, width})) {
    size_t workspace_size = 0, workspace_alignment = 0;
    check(xnn_reshape_convolution2d_nhwc_qs8_qc8w(
              op_.get(), batch_size, height, width, &workspace_size, &workspace_alignment,
              /*output_height_out=*/nullptr, /*output_width_out=*/nullptr, pool_->handle()),
          "reshape");
    resize_workspace(workspace_size, workspace_alignment);
  }
  check(xnn_setup_convolution2d_nhwc_qs8_qc8w(op_.get(), workspace_.data(), input, output),
        "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

struct QuantizedFullyConnectedOperator::Rows {
  std::vector<xnn_quantization_params> params;  // XNN_EXTRA_QUANTIZATION_PARAMS more than rows
};

QuantizedFullyConnectedOperator::QuantizedFullyConnectedOperator(
    size_t inputs, size_t outputs, Quantization input, const int8_t* weights,
    const float* weight_scales, const float* bias, bool relu, const ThreadPool& pool)
    : XnnOperator("quantized fully_connected", pool),
      input_(input),
      rows_(std::make_unique<Rows>()) {
  shape_ = {outputs, inputs};
  xnn_operator_t op = nullptr;
  check(xnn_create_fully_connected_nc_qd8_f32_qc8w(
            inputs, outputs, /*input_stride=*/inputs, /*output_stride=*/outputs, weight_scales,
            weights, bias, relu ? 0.0f : -kInfinity, kInfinity, kFlags, /*code_cache=*/nullptr,
            /*weights_cache=*/nullptr, &op),
        "create");
  op_.reset(op);
}

QuantizedFullyConnectedOperator::~QuantizedFullyConnectedOperator() = default;

void QuantizedFullyConnectedOperator::run(size_t batch_size, const int8_t* input, float* output) {
  if (shape_changed({batch_size})) {
    check(xnn_reshape_fully_connected_nc_qd8_f32_qc8w(op_.get(), batch_size, pool_->handle()),
          "reshape");
    rows_->params.assign(batch_size + XNN_EXTRA_QUANTIZATION_PARAMS,
                         {input_.zero_point, input_.scale});
  }
  check(xnn_setup_fully_connected_nc_qd8_f32_qc8w(op_.get(), input, output, rows_->params.data()),
        "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

QuantizedMaxPool2dOperator::QuantizedMaxPool2dOperator(const ThreadPool& pool)
    : XnnOperator("quantized max_pool2d", pool) {
  xnn_operator_t op = nullptr;
  check(xnn_create_max_pooling2d_nhwc_s8(
            /*padding: top, right, bottom, left*/ 0, 0, 0, 0, /*pooling_height=*/2,
            /*pooling_width=*/2, /*stride_height=*/2, /*stride_width=*/2, /*dilation_height=*/1,
            /*dilation_width=*/1, int8_t{-128}, int8_t{127}, kFlags, &op),
        "create");
  op_.reset(op);
}

void QuantizedMaxPool2dOperator::run(size_t batch_size, size_t height, size_t width,
                                     size_t channels, const int8_t* input, int8_t* output) {
  if (shape_changed({batch_size, height, width, channels})) {
    check(xnn_reshape_max_pooling2d_nhwc_s8(op_.get(), batch_size, height, width, channels,
                                            /*input_pixel_stride=*/channels,
                                            /*output_pixel_stride=*/channels,
                                            /*output_height_out=*/nullptr,
                                            /*output_width_out=*/nullptr, pool_->handle()),
          "reshape");
  }
  check(xnn_setup_max_pooling2d_nhwc_s8(op_.get(), input, output), "setup");
  run_operator();
}

// ---------------------------------------------------------------------------------------------

TransposeOperator::TransposeOperator(const ThreadPool& pool) : XnnOperator("transpose", pool) {
  xnn_operator_t op = nullptr;
  check(xnn_create_transpose_nd_x32(kFlags, &op), "create");
  op_.reset(op);
}

void TransposeOperator::run(const Shape& input_shape, const std::vector<size_t>& permutation,
                            const float* input, float* output) {
  Shape key = input_shape;
  key.insert(key.end(), permutation.begin(), permutation.end());
  if (shape_changed(key)) {
    check(xnn_reshape_transpose_nd_x32(op_.get(), input_shape.size(), input_shape.data(),
                                       permutation.data(), pool_->handle()),
          "reshape");
  }
  check(xnn_setup_transpose_nd_x32(op_.get(), input, output), "setup");
  run_operator();
}

}  // namespace inkdigit
