#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>
#include <malloc.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "classifier.h"
#include "image/framing.h"
#include "nn/model.h"
#include "nn/weights_file.h"
#include "wasm/arrays.h"
#include "wasm/counted.h"
#include "wasm/errors.h"
#include "wasm/thread_pool.h"

// What JavaScript sees of reading, in both modules. Only reader.js, loaded_module.js and teacher.js
// of web/package use it; they check the types of what they hand over, and engine.d.ts documents the
// rest.
namespace inkdigit {

inline WeightsFile read_weights_from(const emscripten::val& bytes) {
  return read_weights(std::as_bytes(ArrayCopy<uint8_t>(bytes).values()));
}

inline emscripten::val to_js(const Classification& result) {
  using emscripten::val;
  val object = val::object();
  object.set("digit", result.digit);
  object.set("label", result.label);
  object.set("confidence", result.confidence);
  object.set("state", std::string(to_string(result.state)));
  object.set("probabilities", copy_out("Float32Array", result.probabilities));
  object.set("energy", result.energy);
  object.set("frame", copy_out("Uint8Array", result.frame));
  return object;
}

class JsClassifier : Counted {
  using val = emscripten::val;

 public:
  JsClassifier(const WeightsFile& weights, SharedPool pool, LoadModel load)
      : pool_(std::move(pool)), classifier_(weights, pool_->pool, load) {}

  val classify(const val& pixels, size_t width, size_t height) {
    const ArrayCopy<uint8_t> copy(pixels);  // not kept: a photo would stay for ever
    return to_js(classifier_.classify({copy.values(), width, height}));
  }

  val classify_all(const val& pixels, size_t width, size_t height) {
    const ArrayCopy<uint8_t> copy(pixels);
    val digits = val::array();
    for (const auto& [box, reading] : classifier_.classify_all({copy.values(), width, height})) {
      val digit = to_js(reading);
      val place = val::object();
      place.set("x", box.left);
      place.set("y", box.top);
      place.set("width", box.width);
      place.set("height", box.height);
      digit.set("box", place);
      digits.call<void>("push", digit);
    }
    return digits;
  }

  val classify_batch(const val& frames) {
    copy_in(frames, frames_);
    probabilities_.resize(frames_.size() / kFrameSize * classifier_.classes());
    classifier_.classify_batch(frames_, probabilities_);
    return copy_out("Float32Array", probabilities_);
  }

  void load(const val& bytes) { classifier_.load(read_weights_from(bytes)); }
  val symbols() const {
    val names = val::array();
    for (const std::string& name : classifier_.model().symbols()) {
      names.call<void>("push", name);
    }
    return names;
  }

 private:
  SharedPool pool_;  // first: the classifier borrows it
  Classifier classifier_;
  std::vector<float> frames_;  // reused from call to call, as is the next
  std::vector<float> probabilities_;
};

template <LoadModel load>
std::unique_ptr<JsClassifier> make_classifier(const emscripten::val& bytes, SharedPool pool) {
  return std::make_unique<JsClassifier>(read_weights_from(bytes), std::move(pool), load);
}

inline emscripten::val frame_digit_of(const emscripten::val& pixels, size_t width, size_t height) {
  const ArrayCopy<uint8_t> copy(pixels);
  const std::optional<Frame> frame = frame_digit({copy.values(), width, height});
  return frame ? copy_out("Uint8Array", *frame) : emscripten::val::null();
}

/// Bytes that are allocated now, of the module's memory.
inline size_t heap_bytes() { return mallinfo().uordblks; }

/// Registers all of it. `load` decides which weights the module reads, and which code is linked.
template <LoadModel load>
void bind_reading() {
  using emscripten::class_;
  using emscripten::function;

  class_<JsThreadPool>("ThreadPool")
      .smart_ptr<SharedPool>("SharedThreadPool")
      .constructor(guard<&make_thread_pool>);

  class_<JsClassifier>("Classifier")
      .constructor(guard<&make_classifier<load>>)
      .function("classify", guard<&JsClassifier::classify>)
      .function("classifyAll", guard<&JsClassifier::classify_all>)
      .function("classifyBatch", guard<&JsClassifier::classify_batch>)
      .function("load", guard<&JsClassifier::load>)
      .function("symbols", guard<&JsClassifier::symbols>);

  function("frameDigit", guard<&frame_digit_of>);
  function("heapBytes", &heap_bytes);
  function("liveObjects", &Counted::live);
}

}  // namespace inkdigit
