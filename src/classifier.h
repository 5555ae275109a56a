#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/thread_pool.h"
#include "image/framing.h"
#include "nn/network.h"
#include "nn/weights_file.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

inline constexpr size_t kDigits = 10;

enum class State {
  kBlank,   // no ink at all
  kDigit,   // a digit, read with confidence
  kUnsure,  // ink, but the probabilities do not settle on a digit
};
/// "blank", "digit" or "unsure".
std::string_view to_string(State state);

struct Classification {
  State state = State::kBlank;
  int digit = -1;           // the most probable digit; -1 when blank
  float confidence = 0.0f;  // its probability; 0 when blank
  std::array<float, kDigits> probabilities{};
  Frame frame{};  // what the network saw; all paper when blank
};

/// Reads digits: picture → frame → network → probabilities. Not thread-safe.
class Classifier {
 public:
  /// Below this probability a digit is called unsure.
  static constexpr float kUnsureBelow = 0.6f;

  /// Builds the network the weights were made for. WeightsError if they do not fit a network with
  /// ten outputs and 28×28×1 inputs. `pool` is borrowed and must outlive the classifier.
  Classifier(const WeightsFile& weights, const ThreadPool& pool);

  /// std::invalid_argument for a picture whose sizes do not fit its pixels.
  Classification classify(const RgbaView& picture);

  /// What the network makes of one frame; never blank.
  Classification classify_frame(const Frame& frame);

  /// `frames` is [N, 784] in 0…1, already framed; `probabilities` receives [N, 10].
  /// std::invalid_argument if the sizes do not fit each other.
  void classify_batch(std::span<const float> frames, std::span<float> probabilities);

  /// Takes new weights for the same or another network; on WeightsError the old ones stay.
  void load(const WeightsFile& weights);

  const Network& network() const { return network_; }

 private:
  const ThreadPool* pool_;
  Network network_;
  SoftmaxOperator softmax_;
  Tensor input_;      // [N, 28, 28, 1]
  Tensor softmaxed_;  // [N, 10]
};

}  // namespace inkdigit
