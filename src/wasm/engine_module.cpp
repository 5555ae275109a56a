// The whole engine: reads all weights, and learns. What this adds to reading is used by engine.js,
// engine_trainer.js and teacher.js of web/package alone, which check the types of what they hand
// over.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "nn/architecture.h"
#include "nn/model.h"
#include "nn/network.h"
#include "nn/symbols.h"
#include "nn/weights_file.h"
#include "train/augment.h"
#include "train/optimizer.h"
#include "train/pen_dataset.h"
#include "train/quantize.h"
#include "train/trainer.h"
#include "wasm/arrays.h"
#include "wasm/errors.h"
#include "wasm/reading.h"
#include "wasm/thread_pool.h"

namespace inkdigit {
namespace {

using emscripten::val;

val write_weights_to_js(const WeightsFile& file) {
  const std::vector<std::byte> bytes = write_weights(file);
  return copy_out("Uint8Array",
                  std::span(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

/// Trains a whole network, or its head alone on top of features that stay as they are.
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

  float step(const val& images, const val& labels, double learning_rate) {
    copy_in(images, images_);
    copy_in(labels, labels_);
    if (takes_features(labels_.size())) return trainer_->step(images_, labels_, learning_rate);
    const Tensor& features = run_features(labels_.size());
    return trainer_->step(features.values(), labels_, learning_rate);
  }

  val features(const val& images) {
    copy_in(images, images_);
    return copy_out("Float32Array", run_features(images_.size() / frame_size()).values());
  }

  /// `count` pictures, or features of a head → logits, count×classes, by the weights as they are
  /// now.
  val logits(const val& images, size_t count) {
    copy_in(images, images_);
    if (!head_) return copy_out("Float32Array", network_.forward(pictures(count)).values());
    const Shape shape = with_batch(count, head_->architecture().input);
    features_ = takes_features(count) ? Tensor(shape, images_)
                                      : Tensor(shape, run_features(count).values());
    return copy_out("Float32Array", head_->forward(features_).values());
  }

  /// What each layer makes of one picture: [{ name, type, shape, data }].
  val activations(const val& image) {
    copy_in(image, images_);
    if (head_) network_.load(weights());
    val layers = val::array();
    for (const LayerOutput& layer : network_.activations(pictures(1))) {
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

  /// Takes `share` (0…1) of the way from given weights to those that are remembered (Wortsman et
  /// al. 2022, "Robust fine-tuning of zero-shot models").
  void blend(const val& from_bytes, double share) {
    WeightsFile from = read_weights_from(from_bytes);
    const auto rate = static_cast<float>(share);
    for (auto& [name, tensor] : from.tensors) {
      const Tensor& to = remembered_.tensor(name, tensor.shape());
      float* const mixed = tensor.data();
      for (size_t i = 0; i < tensor.size(); ++i) mixed[i] += rate * (to.data()[i] - mixed[i]);
    }
    network_.load(from);
    if (head_) head_->load(from);
  }

  /// Outputs of the network.
  size_t classes() const { return element_count(network_.output_shape()); }

  val save() const { return write_weights_to_js(weights()); }

 private:
  size_t frame_size() const { return element_count(network_.architecture().input); }

  /// Whether images_ holds what enters the trained layers, rather than pictures of which a head's
  /// features are to be made.
  bool takes_features(size_t count) const {
    return !head_ || images_.size() != count * frame_size();
  }

  /// images_ as `count` pictures; borrowed.
  const Tensor& pictures(size_t count) {
    input_ = Tensor(with_batch(count, network_.architecture().input), images_);
    return input_;
  }

  /// Features of the `count` pictures in images_, [count, features]; borrowed.
  const Tensor& run_features(size_t count) { return network_.features(pictures(count)); }

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
  Tensor input_;               // pictures
  Tensor features_;            // of them
  std::vector<float> images_;  // reused from step to step
  std::vector<uint8_t> labels_;
};

/// Absent fields keep their defaults.
template <typename Number>
void read_field(const val& object, const char* name, Number& field) {
  const val value = object[name];
  if (!value.isUndefined()) field = value.as<Number>();
}

OptimizerOptions read_optimizer_options(const val& object) {
  OptimizerOptions options;
  options.type =
      object["type"].as<std::string>() == "sgd" ? OptimizerType::kSgd : OptimizerType::kAdamW;
  read_field(object, "momentum", options.momentum);
  read_field(object, "beta1", options.beta1);
  read_field(object, "beta2", options.beta2);
  read_field(object, "epsilon", options.epsilon);
  read_field(object, "weightDecay", options.weight_decay);
  return options;
}

/// `layers_json` null: the layers the weights were made for, or the default ones. `bytes` null:
/// weights drawn from `seed`. (Text comes as a val: Embind would leak a std::string when this
/// throws.)
std::unique_ptr<JsTrainer> make_trainer(const val& layers_json, const val& bytes,
                                        const val& optimizer, double seed, bool head_only,
                                        SharedPool pool) {
  const auto seed_bits = static_cast<uint64_t>(seed);
  const auto make_network = [&] {
    if (!bytes.isNull() && layers_json.isNull()) {
      return Network::from_weights(read_weights_from(bytes), pool->pool);
    }
    Network network(layers_json.isNull() ? default_architecture()
                                         : architecture_from_json(layers_json.as<std::string>()),
                    pool->pool);
    if (bytes.isNull()) {
      network.initialize(seed_bits);
    } else {
      network.load(read_weights_from(bytes));
    }
    return network;
  };
  return std::make_unique<JsTrainer>(make_network(), read_optimizer_options(optimizer), seed_bits,
                                     head_only, pool);
}

/// Weights with one class more, or one less: bytes → bytes.
val add_symbol_to(const val& bytes, const val& name, size_t like, SharedPool pool) {
  const Network network = Network::from_weights(read_weights_from(bytes), pool->pool);
  return write_weights_to_js(add_symbol(network, name.as<std::string>(), like));
}
val remove_symbol_from(const val& bytes, const val& name, SharedPool pool) {
  const Network network = Network::from_weights(read_weights_from(bytes), pool->pool);
  return write_weights_to_js(remove_symbol(network, name.as<std::string>()));
}

/// Changed copies of pictures (n×784 bytes): Float32Array n×784 in 0…1, each the same for the same
/// seed, epoch and index (Uint32Array n).
val augment_frames(const val& frames, const val& indices, const val& ranges, double seed,
                   double epoch, SharedPool pool) {
  AugmentOptions options;
  read_field(ranges, "rotation", options.rotation);
  read_field(ranges, "scale", options.scale);
  read_field(ranges, "shear", options.shear);
  read_field(ranges, "shift", options.shift);
  read_field(ranges, "elasticStrength", options.elastic_strength);
  read_field(ranges, "elasticSmoothness", options.elastic_smoothness);
  read_field(ranges, "occlusion", options.occlusion);
  const ArrayCopy<uint8_t> frames_copy(frames);
  const ArrayCopy<uint32_t> indices_copy(indices);
  const std::span sources = frames_copy.values();
  const std::span keys = indices_copy.values();
  std::vector<float> targets(keys.size() * kFrameSize);
  check_augment(options);
  pool->pool.parallel_for(keys.size(), 1, [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n) {
      const uint64_t key =
          Random({static_cast<uint64_t>(seed), static_cast<uint64_t>(epoch), keys[n]}).next();
      augment(sources.subspan(n * kFrameSize).first<kFrameSize>(),
              std::span(targets).subspan(n * kFrameSize).first<kFrameSize>(), options, key);
    }
  });
  return copy_out("Float32Array", targets);
}

/// float32 weights → int8 weights, bytes to bytes. The pictures that tell how large the layers'
/// outputs get are drawn here.
val quantize_weights(const val& bytes, SharedPool pool) {
  constexpr size_t kPictures = 200;
  constexpr uint64_t kSeed = 1;
  return write_weights_to_js(quantize(read_weights_from(bytes),
                                      make_pen_digits(kPictures, kSeed, pool->pool), pool->pool));
}

}  // namespace

EMSCRIPTEN_BINDINGS(engine) {
  using emscripten::class_;
  using emscripten::function;

  bind_reading<&load_model>();

  class_<JsTrainer>("Trainer")
      .constructor(guard<&make_trainer>)
      .function("step", guard<&JsTrainer::step>)
      .function("features", guard<&JsTrainer::features>)
      .function("logits", guard<&JsTrainer::logits>)
      .function("activations", guard<&JsTrainer::activations>)
      .function("useDropout", guard<&JsTrainer::use_dropout>)
      .function("remember", guard<&JsTrainer::remember>)
      .function("blend", guard<&JsTrainer::blend>)
      .function("classes", guard<&JsTrainer::classes>)
      .function("save", guard<&JsTrainer::save>);

  function("addSymbol", guard<&add_symbol_to>);
  function("removeSymbol", guard<&remove_symbol_from>);
  function("augment", guard<&augment_frames>);
  function("quantize", guard<&quantize_weights>);
}

}  // namespace inkdigit
