#include "classifier.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "image/framing.h"
#include "image/printed_lines.h"
#include "image/to_ink.h"
#include "image/turn.h"
#include "image/widen.h"
#include "nn/logits.h"
#include "read_number.h"

namespace inkdigit {

namespace {

// Pictures of several digits are read at this many pixels a side, twice what one digit needs.
constexpr size_t kWorkingSideOfMany = 2 * kWorkingSide;

// A drawing that is read with less confidence, or with an energy less than so much (nats) above the
// threshold, is looked at again, turned by the angle of this sine (8 degrees) to either side.
// Chosen on MNIST pictures held back from training and on recorded pen strokes: of the latter it
// puts right about a fifth of those that would be misread, and signs that are no digit are told
// from them better.
constexpr float kSureAtOnce = 0.95f;
constexpr double kDigitAtOnce = 2.0;
constexpr float kTurn = 0.139f;

/// A box of `ink` in pixels of the picture that it was made of, rounded outwards.
Box in_picture(const Box& box, size_t ink_width, size_t ink_height, const RgbaView& picture) {
  const auto scale = [](uint64_t begin, uint64_t length, uint64_t from, uint64_t to) {
    const uint64_t first = begin * to / from;
    const uint64_t last = std::min(to, ((begin + length) * to + from - 1) / from);
    return std::pair{static_cast<size_t>(first), static_cast<size_t>(last - first)};
  };
  const auto [left, width] = scale(box.left, box.width, ink_width, picture.width);
  const auto [top, height] = scale(box.top, box.height, ink_height, picture.height);
  return {left, top, width, height};
}

// Images per pass: enough to keep the kernels busy, few enough to keep memory small (8 MB).
constexpr size_t kPassSize = 32;

std::unique_ptr<Model> digit_model(const WeightsFile& weights, const ThreadPool& pool,
                                   LoadModel load) {
  std::unique_ptr<Model> model = load(weights, pool);
  const Shape input{kFrameSide, kFrameSide, 1};
  const Shape output{kDigits + model->symbols().size()};
  if (model->architecture().input != input || model->output_shape() != output) {
    throw WeightsError("expected a network from " + to_string(input) + " to " + to_string(output) +
                       ", got one from " + to_string(model->architecture().input) + " to " +
                       to_string(model->output_shape()));
  }
  return model;
}

}  // namespace

Classifier::Classifier(const WeightsFile& weights, const ThreadPool& pool, LoadModel load)
    : pool_(&pool), load_(load), model_(digit_model(weights, pool, load)) {}

Classification Classifier::blank() const {
  Classification result;
  result.probabilities.resize(classes());
  return result;
}

Classification Classifier::classify(const RgbaView& picture) {
  const std::optional<Ink> digit = cut_out_digit(picture);
  return digit ? classify_ink(*digit) : blank();
}

std::vector<LocatedDigit> Classifier::classify_all(const RgbaView& picture) {
  check_picture(picture);
  Ink ink = to_ink(picture, kWorkingSideOfMany);
  remove_printed_lines(ink);
  const size_t width = ink.width, height = ink.height;
  auto readings = read_number(std::move(ink),
                              [this](const Segment& segment) { return classify_segment(segment); });
  if (readings.size() == 1) {
    const Classification alone = classify(picture);
    if (alone.state != State::kBlank) readings.front().second = alone;
  }
  std::vector<LocatedDigit> digits;
  for (const auto& [segment, reading] : readings) {
    digits.push_back({in_picture(segment.box, width, height, picture), reading});
  }
  return digits;
}

Classification Classifier::classify_segment(const Segment& segment) {
  // A stroke along the edge of a picture would be taken for a frame line: paper around it.
  const size_t margin = std::max(segment.ink.width, segment.ink.height) / 8 + 1;
  const std::optional<Ink> digit = cut_out_digit(with_margin(segment.ink, margin));
  return digit ? classify_ink(*digit) : blank();
}

Classification Classifier::classify_frame(const Frame& frame) {
  return read(frame, logits_of(frame));
}

Classification Classifier::classify_ink(const Ink& digit) {
  const Frame frame = frame_cut_out(digit);
  Frame to_turn = frame;
  Tensor logits = logits_of(frame).clone();
  const auto add = [&logits](const Tensor& more) {
    std::ranges::transform(logits.values(), more.values(), logits.data(), std::plus{});
  };
  const auto divide = [&logits](float count) {
    for (float& logit : logits.values()) logit /= count;
  };
  if (const std::optional<Ink> wide = widen(digit)) {
    const Frame wide_frame = frame_cut_out(*wide);
    const Tensor& widened = logits_of(wide_frame);
    // A one with a flag, widened, is a seven: which of them it is, its proportions tell.
    if (most_probable(widened.values()) != 7) {
      add(widened);
      divide(2.0f);
      to_turn = wide_frame;
    }
  }
  Classification first = read(frame, logits);
  if (first.confidence >= kSureAtOnce && first.energy >= energy_threshold() + kDigitAtOnce) {
    return first;
  }
  for (const float sine : {-kTurn, kTurn}) {
    turn(to_turn, sine, std::span<float, kFrameSize>(input_.data(), kFrameSize));
    add(model_->infer(input_));
  }
  divide(3.0f);
  return read(frame, logits);
}

const Tensor& Classifier::logits_of(const Frame& frame) {
  input_.resize({1, kFrameSide, kFrameSide, 1});
  bytes_to_ink(frame, input_.values());
  return model_->infer(input_);
}

double Classifier::energy_threshold() const {
  return model_->energy_threshold().value_or(-std::numeric_limits<double>::infinity());
}

Classification Classifier::read(const Frame& frame, const Tensor& logits) {
  Classification result;
  result.frame = frame;
  result.probabilities.resize(classes());
  softmax(logits.values(), result.probabilities);
  const size_t read_as = most_probable(result.probabilities);
  result.digit = read_as < kDigits ? static_cast<int>(read_as) : -1;
  result.label = read_as < kDigits ? std::to_string(read_as) : model_->symbols()[read_as - kDigits];
  result.confidence = result.probabilities[read_as];
  result.energy = energy(logits.values());
  const bool like_a_digit = result.energy >= energy_threshold();
  result.state = like_a_digit && result.confidence >= kUnsureBelow ? State::kDigit : State::kUnsure;
  return result;
}

void Classifier::classify_batch(std::span<const float> frames, std::span<float> probabilities) {
  const size_t count = frames.size() / kFrameSize;
  if (frames.size() != count * kFrameSize || probabilities.size() != count * classes()) {
    throw std::invalid_argument("frames: expected 784 values and room for " +
                                std::to_string(classes()) + " probabilities a frame, got " +
                                std::to_string(frames.size()) + " values and room for " +
                                std::to_string(probabilities.size()));
  }
  for (size_t begin = 0; begin < count; begin += kPassSize) {
    const size_t size = std::min(kPassSize, count - begin);
    input_.resize({size, kFrameSide, kFrameSide, 1});
    std::ranges::copy(frames.subspan(begin * kFrameSize, size * kFrameSize), input_.data());
    const Tensor& logits = model_->infer(input_);
    for (size_t n = 0; n < size; ++n) {
      softmax(logits.row(n), probabilities.subspan((begin + n) * classes(), classes()));
    }
  }
}

void Classifier::load(const WeightsFile& weights) { model_ = digit_model(weights, *pool_, load_); }

}  // namespace inkdigit
