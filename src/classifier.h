#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "classification.h"
#include "core/thread_pool.h"
#include "image/frame.h"
#include "image/ink.h"
#include "image/picture.h"
#include "image/segment.h"
#include "nn/model.h"
#include "nn/weights_file.h"

namespace inkdigit {

/// One digit of several in a picture.
struct LocatedDigit {
  Box box;  // pixels of the picture
  Classification reading;
};

/// Reads digits: picture → frame → network → probabilities, in float32 or int8 as the weights are.
/// A narrow digit is also looked at widened, as there are hardly any in MNIST, unless that makes it
/// a seven, as it would a one with a flag; one whose confidence or energy is doubtful then is
/// looked at twice more, turned a little to either side, as widened as it was. The mean of the
/// logits is what counts. Not thread-safe.
class Classifier {
 public:
  /// A digit is called unsure below this probability, and below the model's energy threshold.
  static constexpr float kUnsureBelow = 0.6f;

  /// Builds the network the weights were made for. WeightsError if they do not fit a network with
  /// 28×28×1 inputs and an output for each of the ten digits and the user's own symbols. `pool` is
  /// borrowed and must outlive the classifier. `load` makes the network of these weights, and of
  /// later ones.
  Classifier(const WeightsFile& weights, const ThreadPool& pool, LoadModel load = load_model);

  /// std::invalid_argument for a picture whose sizes do not fit its pixels.
  Classification classify(const RgbaView& picture);

  /// The digits of a picture in reading order: rows from top to bottom, each from left to right.
  /// Empty if it is blank. A single one is read as classify() does. Where digits touch, or a digit
  /// is broken, the network is asked what it takes for digits. std::invalid_argument as above.
  std::vector<LocatedDigit> classify_all(const RgbaView& picture);

  /// What classify() says of a picture without ink.
  Classification blank() const;

  /// What the network makes of one frame, at first sight; never blank.
  Classification classify_frame(const Frame& frame);

  /// `frames` is [N, 784] in 0…1, already framed; `probabilities` receives [N, classes()].
  /// std::invalid_argument if the sizes do not fit each other.
  void classify_batch(std::span<const float> frames, std::span<float> probabilities);

  /// Takes new weights for the same or another network; on WeightsError the old ones stay.
  void load(const WeightsFile& weights);

  const Model& model() const { return *model_; }
  /// Ten digits, and the user's own symbols.
  size_t classes() const { return kDigits + model_->symbols().size(); }

 private:
  Classification classify_segment(const Segment& segment);

  /// Of a digit that was cut out: framed, and looked at as told above.
  Classification classify_ink(const Ink& digit);
  /// Frame → logits, [1, classes()], which last until the network runs again.
  const Tensor& logits_of(const Frame& frame);
  Classification read(const Frame& frame, const Tensor& logits);
  /// Below it a drawing is no digit; weights that were never calibrated take everything for one.
  double energy_threshold() const;

  const ThreadPool* pool_;
  LoadModel load_;
  std::unique_ptr<Model> model_;
  Tensor input_;  // [N, 28, 28, 1]
};

}  // namespace inkdigit
