#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/architecture.h"
#include "nn/layer.h"
#include "nn/model.h"
#include "nn/weights_file.h"

namespace inkdigit {

/// What one layer gave out.
struct LayerOutput {
  std::string name;  // of the layer's weights, such as "conv1"; of layers without, their type
  LayerType type;
  const Tensor* output;  // [N, …]; borrowed
};

/// A sequence of float32 layers, built from their list. Not thread-safe; movable.
class Network final : public Model {
 public:
  /// Weights are zero until initialize() or load(). `pool` is borrowed and must outlive the
  /// network. std::invalid_argument, naming the layer, if the layers do not fit each other.
  Network(Architecture architecture, const ThreadPool& pool);
  /// The network that a weights file was made for, with its weights: its metadata has the layer
  /// list; a file without one is for the default architecture. WeightsError if the file does not
  /// fit.
  static Network from_weights(const WeightsFile& file, const ThreadPool& pool);
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network() override;

  const Architecture& architecture() const override { return architecture_; }
  Shape output_shape() const override;

  /// Draws all weights anew: He et al. 2015 in front of a ReLU, else Glorot & Bengio 2010; biases
  /// 0.
  void initialize(uint64_t seed);

  /// Copies the weights that this network has a name for, the energy threshold or its absence, and
  /// the names of symbols.
  /// WeightsError if its checksum is wrong or, naming the tensor, one is missing or has another
  /// shape; the network is unchanged then.
  void load(const WeightsFile& file);
  /// The weights (copied) and, in the metadata, the layer list, the energy threshold and the
  /// symbols.
  WeightsFile save() const;

  std::optional<double> energy_threshold() const override { return energy_threshold_; }
  void set_energy_threshold(double threshold) { energy_threshold_ = threshold; }

  const std::vector<std::string>& symbols() const override { return symbols_; }

  /// `input` is [N, …architecture().input]. Returns the last layer's output, such as logits [N,
  /// 10]: borrowed, valid until the next forward. std::invalid_argument for another shape.
  const Tensor& forward(const Tensor& input, const Pass& pass = {});
  const Tensor& infer(const Tensor& input) override { return forward(input); }

  /// What each layer makes of `input` in inference, in order. A ReLU behind a layer with weights is
  /// part of that layer; dropout, which then does nothing, is left out. Borrowed, valid until the
  /// next forward.
  std::vector<LayerOutput> activations(const Tensor& input);

  /// After forward in training mode with the same `input`: sets every parameter's gradient.
  /// `grad_output` is dLoss/dOutput, [N, …output_shape()].
  void backward(const Tensor& input, const Tensor& grad_output);

  /// In the order of the layers, weights before biases. Borrowed.
  std::vector<Parameter*> parameters();
  std::vector<const Parameter*> parameters() const;

  /// The layers from the first dense one on (with a dropout right before it), as an architecture of
  /// its own: what is trained when only the head is. Weights keep their names, so head and whole
  /// can load each other's. std::invalid_argument if there is no dense layer.
  Architecture head() const;
  /// What enters the head in inference, [N, …]: borrowed, valid until the next forward.
  /// std::invalid_argument if there is no dense layer.
  const Tensor& features(const Tensor& input);

 private:
  struct Stage;  // a layer with its output and the gradient by it
  const Tensor& run(const Tensor& input, size_t stage_count, const Pass& pass);
  size_t head_start() const;  // index of the stage that the head starts with

  Architecture architecture_;
  std::vector<Stage> stages_;
  std::optional<double> energy_threshold_;
  std::vector<std::string> symbols_;
  size_t first_trained_ = 0;  // no stage before this one has weights: gradients end here
};

}  // namespace inkdigit
