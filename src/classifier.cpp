#include "classifier.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace inkdigit {

namespace {

// Images per pass: enough to keep the kernels busy, few enough to keep memory small (8 MB).
constexpr size_t kPassSize = 32;

Network digit_network(const WeightsFile& weights, const ThreadPool& pool) {
  Network network = Network::from_weights(weights, pool);
  const Shape input{kFrameSide, kFrameSide, 1};
  const Shape output{kDigits};
  if (network.architecture().input != input || network.output_shape() != output) {
    throw WeightsError("expected a network from " + to_string(input) + " to " + to_string(output) +
                       ", got one from " + to_string(network.architecture().input) + " to " +
                       to_string(network.output_shape()));
  }
  return network;
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::kBlank:
      return "blank";
    case State::kDigit:
      return "digit";
    case State::kUnsure:
      return "unsure";
  }
  return "";
}

Classifier::Classifier(const WeightsFile& weights, const ThreadPool& pool)
    : pool_(&pool), network_(digit_network(weights, pool)), softmax_(pool) {}

Classification Classifier::classify(const RgbaView& picture) {
  const std::optional<Frame> frame = frame_digit(picture);
  return frame ? classify_frame(*frame) : Classification{};
}

Classification Classifier::classify_frame(const Frame& frame) {
  std::array<float, kFrameSize> pixels;
  std::ranges::transform(frame, pixels.begin(), [](uint8_t ink) { return ink / 255.0f; });
  Classification result;
  result.frame = frame;
  classify_batch(pixels, result.probabilities);
  const auto best = std::ranges::max_element(result.probabilities);
  result.digit = static_cast<int>(best - result.probabilities.begin());
  result.confidence = *best;
  result.state = *best < kUnsureBelow ? State::kUnsure : State::kDigit;
  return result;
}

void Classifier::classify_batch(std::span<const float> frames, std::span<float> probabilities) {
  const size_t count = frames.size() / kFrameSize;
  if (frames.size() != count * kFrameSize || probabilities.size() != count * kDigits) {
    throw std::invalid_argument(
        "frames: expected 784 values and room for 10 probabilities a frame, got " +
        std::to_string(frames.size()) + " values and room for " +
        std::to_string(probabilities.size()));
  }
  for (size_t begin = 0; begin < count; begin += kPassSize) {
    const size_t size = std::min(kPassSize, count - begin);
    input_.resize({size, kFrameSide, kFrameSide, 1});
    std::ranges::copy(frames.subspan(begin * kFrameSize, size * kFrameSize), input_.data());
    const Tensor& logits = network_.forward(input_);
    softmaxed_.resize(logits.shape());
    softmax_.run(size, kDigits, logits.data(), softmaxed_.data());
    std::ranges::copy(softmaxed_.values(),
                      probabilities.begin() + static_cast<std::ptrdiff_t>(begin * kDigits));
  }
}

void Classifier::load(const WeightsFile& weights) { network_ = digit_network(weights, *pool_); }

}  // namespace inkdigit
