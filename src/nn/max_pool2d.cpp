#include "nn/max_pool2d.h"

#include <algorithm>

namespace inkdigit {

void MaxPool2d::forward(const Tensor& input, Tensor& output, const Pass&) {
  operator_.run(input.dim(0), input.dim(1), input.dim(2), input.dim(3), input.data(),
                output.data());
}

// The gradient goes to where the maximum came from; among equals to the first in row-major order.
void MaxPool2d::backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                         Tensor* grad_input) {
  if (!grad_input) return;
  grad_input->resize(input.shape());
  const size_t height = input.dim(1);
  const size_t width = input.dim(2);
  const size_t channels = input.dim(3);
  const size_t output_height = output.dim(1);
  const size_t output_width = output.dim(2);

  pool_->parallel_for(input.dim(0), 1, [&](size_t begin, size_t end) {
    float* grad_images = grad_input->data() + begin * height * width * channels;
    if (height % 2 != 0 || width % 2 != 0) {  // else every pixel is written below
      std::fill_n(grad_images, (end - begin) * height * width * channels, 0.0f);
    }
    for (size_t row = begin * output_height; row < end * output_height; ++row) {
      const size_t n = row / output_height;
      const size_t h = row % output_height;
      for (size_t w = 0; w < output_width; ++w) {
        const size_t corner = ((n * height + 2 * h) * width + 2 * w) * channels;
        const size_t below = corner + width * channels;
        const size_t at = (row * output_width + w) * channels;
        const float* x00 = input.data() + corner;
        const float* x01 = x00 + channels;
        const float* x10 = input.data() + below;
        const float* y = output.data() + at;
        const float* dy = grad_output.data() + at;
        float* __restrict dx00 = grad_input->data() + corner;
        float* __restrict dx01 = dx00 + channels;
        float* __restrict dx10 = grad_input->data() + below;
        float* __restrict dx11 = dx10 + channels;
        for (size_t c = 0; c < channels; ++c) {  // no branches, so that compilers vectorize it
          float left = dy[c];
          const auto take = [&left, maximum = y[c]](float x) {
            const float taken = x == maximum ? left : 0.0f;
            left -= taken;
            return taken;
          };
          dx00[c] = take(x00[c]);
          dx01[c] = take(x01[c]);
          dx10[c] = take(x10[c]);
          dx11[c] = left;
        }
      }
    }
  });
}

}  // namespace inkdigit
