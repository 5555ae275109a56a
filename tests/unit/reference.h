#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/random.h"
#include "core/tensor.h"
#include "nn/architecture.h"

// An independent implementation of every layer, as plain loops over doubles, to hold the engine
// against. It is written for any scalar: run on complex numbers it gives exact derivatives, F'(x) =
// Im F(x + ih) / h (Squire & Trapp 1998), with no step size to tune.
namespace inkdigit::reference {

template <typename T>
struct Array {
  Shape shape;
  std::vector<T> values;

  explicit Array(Shape s) : shape(std::move(s)), values(element_count(shape)) {}
  explicit Array(const Tensor& tensor)
      : shape(tensor.shape()), values(tensor.values().begin(), tensor.values().end()) {}
};

inline double real(double x) { return x; }
inline double real(const std::complex<double>& x) { return x.real(); }

/// `x` [N, H, W, I], `w` [O, K, K, I], `b` [O] → [N, H-K+1, W-K+1, O]
template <typename T>
Array<T> conv2d(const Array<T>& x, const Array<T>& w, const Array<T>& b) {
  const size_t N = x.shape[0], H = x.shape[1], W = x.shape[2], I = x.shape[3];
  const size_t O = w.shape[0], K = w.shape[1], OH = H - K + 1, OW = W - K + 1;
  Array<T> y({N, OH, OW, O});
  for (size_t n = 0; n < N; ++n)
    for (size_t h = 0; h < OH; ++h)
      for (size_t v = 0; v < OW; ++v)
        for (size_t o = 0; o < O; ++o) {
          T sum = b.values[o];
          for (size_t kh = 0; kh < K; ++kh)
            for (size_t kw = 0; kw < K; ++kw)
              for (size_t i = 0; i < I; ++i)
                sum += x.values[((n * H + h + kh) * W + v + kw) * I + i] *
                       w.values[((o * K + kh) * K + kw) * I + i];
          y.values[((n * OH + h) * OW + v) * O + o] = sum;
        }
  return y;
}

/// `x` [N, …], `w` [O, I], `b` [O] → [N, O]
template <typename T>
Array<T> dense(const Array<T>& x, const Array<T>& w, const Array<T>& b) {
  const size_t N = x.shape[0], O = w.shape[0], I = w.shape[1];
  Array<T> y({N, O});
  for (size_t n = 0; n < N; ++n)
    for (size_t o = 0; o < O; ++o) {
      T sum = b.values[o];
      for (size_t i = 0; i < I; ++i) sum += x.values[n * I + i] * w.values[o * I + i];
      y.values[n * O + o] = sum;
    }
  return y;
}

template <typename T>
Array<T> max_pool2d(const Array<T>& x) {
  const size_t N = x.shape[0], H = x.shape[1], W = x.shape[2], C = x.shape[3];
  Array<T> y({N, H / 2, W / 2, C});
  for (size_t n = 0; n < N; ++n)
    for (size_t h = 0; h < H / 2; ++h)
      for (size_t w = 0; w < W / 2; ++w)
        for (size_t c = 0; c < C; ++c) {
          T best = x.values[((n * H + 2 * h) * W + 2 * w) * C + c];
          for (size_t i = 1; i < 4; ++i) {
            const T& other = x.values[((n * H + 2 * h + i / 2) * W + 2 * w + i % 2) * C + c];
            if (real(other) > real(best)) best = other;
          }
          y.values[((n * (H / 2) + h) * (W / 2) + w) * C + c] = best;
        }
  return y;
}

template <typename T>
Array<T> relu(Array<T> x) {
  for (T& value : x.values) value = real(value) > 0.0 ? value : T(0.0);
  return x;
}

template <typename T>
Array<T> tanh(Array<T> x) {
  for (T& value : x.values) value = std::tanh(value);
  return x;
}

template <typename T>
Array<T> multiply(Array<T> x, const Tensor& factors) {
  for (size_t i = 0; i < x.values.size(); ++i) x.values[i] *= factors.values()[i];
  return x;
}

/// Mean over the batch of -log softmax(logits)[label], nats.
template <typename T>
T cross_entropy(const Array<T>& logits, std::span<const uint8_t> labels) {
  const size_t classes = logits.values.size() / labels.size();
  T loss(0.0);
  for (size_t n = 0; n < labels.size(); ++n) {
    T sum(0.0);
    for (size_t c = 0; c < classes; ++c) sum += std::exp(logits.values[n * classes + c]);
    loss += std::log(sum) - logits.values[n * classes + labels[n]];
  }
  return loss / static_cast<double>(labels.size());
}

/// Runs a whole network. `parameters` alternate weights and biases; `dropout_masks` holds one
/// tensor for each dropout layer, or none at all for inference.
template <typename T>
Array<T> network(const Architecture& architecture, Array<T> x,
                 const std::vector<Array<T>>& parameters,
                 const std::vector<Tensor>& dropout_masks) {
  size_t parameter = 0, mask = 0;
  for (const LayerSpec& spec : architecture.layers) {
    switch (spec.type) {
      case LayerType::kConv2d:
        x = conv2d(x, parameters[parameter], parameters[parameter + 1]);
        parameter += 2;
        break;
      case LayerType::kDense:
        x = dense(x, parameters[parameter], parameters[parameter + 1]);
        parameter += 2;
        break;
      case LayerType::kMaxPool2d:
        x = max_pool2d(x);
        break;
      case LayerType::kRelu:
        x = relu(std::move(x));
        break;
      case LayerType::kTanh:
        x = tanh(std::move(x));
        break;
      case LayerType::kDropout:
        if (!dropout_masks.empty()) x = multiply(std::move(x), dropout_masks[mask++]);
        break;
    }
  }
  return x;
}

/// dF/dx of element `index` of `x`, exact to double precision. `f` takes the changed array.
template <typename F>
double derivative(F&& f, const Array<std::complex<double>>& x, size_t index) {
  constexpr double kStep = 1e-100;  // any tiny number does: nothing is subtracted
  Array<std::complex<double>> changed = x;
  changed.values[index] += std::complex<double>(0.0, kStep);
  return std::imag(f(changed)) / kStep;
}

inline Tensor random_tensor(const Shape& shape, uint64_t key, double scale = 1.0) {
  Tensor tensor(shape);
  Random random({key});
  for (float& value : tensor.values()) value = static_cast<float>(scale * random.normal());
  return tensor;
}

}  // namespace inkdigit::reference
