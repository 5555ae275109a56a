// The trainer that JavaScript holds. Part of the engine's module alone.
#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nn/architecture.h"
#include "nn/network.h"
#include "nn/weights_file.h"
#include "train/optimizer.h"
#include "train/trainer.h"
#include "wasm/arrays.h"
#include "wasm/counted.h"
#include "wasm/reading.h"
#include "wasm/thread_pool.h"

namespace inkdigit {

using emscripten::val;

/// A weights file's bytes, as a Uint8Array.
inline val write_weights_to_js(const WeightsFile& file) {
  const std::vector<std::byte> bytes = write_weights(file);
  return copy_out("Uint8Array",
                  std::span(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

/// Trains a whole network on pictures, or its head alone on the features that the layers before it
/// make of them, which stay as they are. What is stepped on, and read, is what enters the layers
/// that are trained: its "inputs".
class JsTrainer : Counted {
 public:
  JsTrainer(Network network, const OptimizerOptions& options, uint64_t seed, bool head_only,
            SharedPool pool)
      : pool_(std::move(pool)), network_(std::move(network)) {
    if (head_only) {
      head_.emplace(network_.head(), pool_->pool);
      head_->load(network_.save());
    }
    trainer_.emplace(head_ ? *head_ : network_, options, seed, pool_->pool);
  }

  float step(const val& inputs, const val& labels, double learning_rate) {
    copy_in(inputs, values_);
    copy_in(labels, labels_);
    return trainer_->step(values_, labels_, learning_rate);
  }

  /// n pictures → what enters the head, n×features.
  val features(const val& images) {
    return copy_out("Float32Array", network_.features(batch(images, network_)).values());
  }

  /// n inputs → logits, n×classes, by the weights as they are now.
  val logits(const val& inputs) {
    Network& trained = head_ ? *head_ : network_;
    return copy_out("Float32Array", trained.forward(batch(inputs, trained)).values());
  }

  /// What each layer makes of one picture: [{ name, type, shape, data }].
  val activations(const val& image) {
    if (head_) network_.load(weights());
    val layers = val::array();
    for (const LayerOutput& layer : network_.activations(batch(image, network_))) {
      const Shape& shape = layer.output->shape();
      val object = val::object();
      object.set("name", layer.name);
      object.set("type", std::string(to_string(layer.type)));
      object.set("shape", val::array(shape.begin() + 1, shape.end()));
      object.set("data", copy_out("Float32Array", layer.output->values()));
      layers.call<void>("push", object);
    }
    return layers;
  }

  void use_dropout(bool dropout) { trainer_->use_dropout(dropout); }

  /// Keeps the weights as they are now, for blend.
  void remember() { remembered_ = weights(); }

  /// Goes back: `share` (0…1) is left of the way from the weights that are remembered to those
  /// there are (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
  void blend(double share) {
    WeightsFile mixed = weights();
    const auto rate = static_cast<float>(share);
    for (auto& [name, tensor] : mixed.tensors) {
      const float* const from = remembered_.tensor(name, tensor.shape()).data();
      float* const to = tensor.data();
      for (size_t i = 0; i < tensor.size(); ++i) to[i] = from[i] + rate * (to[i] - from[i]);
    }
    network_.load(mixed);
    if (head_) head_->load(mixed);
  }

  /// Outputs of the network.
  size_t classes() const { return element_count(network_.output_shape()); }

  val save() const { return write_weights_to_js(weights()); }

 private:
  /// Values as a batch of what `network` takes; borrowed. std::invalid_argument if they are no
  /// whole number of these.
  const Tensor& batch(const val& values, const Network& network) {
    const Shape& input = network.architecture().input;
    const auto length = values["length"].as<size_t>();
    const size_t size = element_count(input);
    check_range("values", static_cast<double>(length), length % size == 0,
                "a multiple of the network's inputs");
    copy_in(values, with_batch(length / size, input), inputs_);
    return inputs_;
  }

  WeightsFile weights() const {
    WeightsFile file = network_.save();
    if (head_) {
      for (auto& [name, tensor] : head_->save().tensors) file.tensors.at(name) = std::move(tensor);
    }
    return file;
  }

  SharedPool pool_;  // first: all others borrow it
  Network network_;
  std::optional<Network> head_;
  std::optional<Trainer> trainer_;
  WeightsFile remembered_;
  Tensor inputs_;
  std::vector<float> values_;  // reused from step to step, as is the next
  std::vector<uint8_t> labels_;
};

inline OptimizerOptions read_optimizer_options(const val& object) {
  OptimizerOptions options;
  options.type = optimizer_type(object["type"].as<std::string>());
  read_field(object, "momentum", options.momentum);
  read_field(object, "beta1", options.beta1);
  read_field(object, "beta2", options.beta2);
  read_field(object, "epsilon", options.epsilon);
  read_field(object, "weightDecay", options.weight_decay);
  return options;
}

/// `options`: { layers: JSON as architecture.h has it; absent: those the weights were made for, or
/// the default ones, weights: bytes; absent: drawn from `seed`, optimizer, seed, headOnly }. (Text
/// comes as a val: Embind would leak a std::string when this throws.)
inline std::unique_ptr<JsTrainer> make_trainer(const val& options, SharedPool pool) {
  const val layers = options["layers"];
  const val bytes = options["weights"];
  const uint64_t seed = whole_number_field(options, "seed");
  const auto make_network = [&] {
    if (!bytes.isUndefined() && layers.isUndefined()) {
      return Network::from_weights(read_weights_from(bytes), pool->pool);
    }
    Network network(layers.isUndefined() ? default_architecture()
                                         : architecture_from_json(layers.as<std::string>()),
                    pool->pool);
    if (bytes.isUndefined()) {
      network.initialize(seed);
    } else {
      network.load(read_weights_from(bytes));
    }
    return network;
  };
  return std::make_unique<JsTrainer>(make_network(), read_optimizer_options(options["optimizer"]),
                                     seed, options["headOnly"].as<bool>(), pool);
}

}  // namespace inkdigit
