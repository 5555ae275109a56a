// The whole engine: reads all weights, and learns. What this adds to reading is used by engine.js,
// engine_trainer.js and teacher.js of web/package alone, which check the types of what they hand
// over.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "nn/model.h"
#include "nn/network.h"
#include "nn/symbols.h"
#include "train/augment.h"
#include "train/pen_dataset.h"
#include "train/quantize.h"
#include "wasm/arrays.h"
#include "wasm/errors.h"
#include "wasm/js_trainer.h"
#include "wasm/reading.h"
#include "wasm/thread_pool.h"

namespace inkdigit {
namespace {

using emscripten::val;

/// Weights with one class more, or one less: bytes → bytes.
val add_symbol_to(const val& bytes, const val& name, size_t like, SharedPool pool) {
  const Network network = Network::from_weights(read_weights_from(bytes), pool->pool);
  return write_weights_to_js(add_symbol(network, name.as<std::string>(), like));
}
val remove_symbol_from(const val& bytes, const val& name, SharedPool pool) {
  const Network network = Network::from_weights(read_weights_from(bytes), pool->pool);
  return write_weights_to_js(remove_symbol(network, name.as<std::string>()));
}

/// Changed copies of pictures: Float32Array n×784 in 0…1, each the same for the same seed, epoch
/// and index. `task`: { frames: Uint8Array n×784, indices: Uint32Array n, ranges, seed, epoch }.
/// std::invalid_argument if frames are not as many as indices, and for numbers out of range.
val augment_frames(const val& task, SharedPool pool) {
  const val ranges = task["ranges"];
  AugmentOptions options;
  read_field(ranges, "rotation", options.rotation);
  read_field(ranges, "scale", options.scale);
  read_field(ranges, "shear", options.shear);
  read_field(ranges, "shift", options.shift);
  read_field(ranges, "elasticStrength", options.elastic_strength);
  read_field(ranges, "elasticSmoothness", options.elastic_smoothness);
  read_field(ranges, "occlusion", options.occlusion);
  check_augment(options);
  const uint64_t seed = whole_number_field(task, "seed");
  const uint64_t epoch = whole_number_field(task, "epoch");
  const ArrayCopy<uint8_t> frames(task["frames"]);
  const ArrayCopy<uint32_t> indices(task["indices"]);
  const std::span sources = frames.values();
  const std::span keys = indices.values();
  check_range("frames", static_cast<double>(sources.size()),
              sources.size() == keys.size() * kFrameSize, "784 values for each index");
  std::vector<float> targets(sources.size());
  pool->pool.parallel_for(keys.size(), 1, [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n) {
      const uint64_t key = Random({seed, epoch, keys[n]}).next();
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
