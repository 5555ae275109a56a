#include "train/training_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>

#include "core/random.h"
#include "train/loss.h"
#include "train/schedule.h"

namespace inkdigit {

namespace {
// Streams of random numbers that must not be the same.
constexpr uint64_t kOrderStream = 1;
constexpr uint64_t kAugmentStream = 2;
}  // namespace

TrainingRun::TrainingRun(Trainer& trainer, const Dataset& dataset, const RunOptions& options,
                         const ThreadPool& pool, std::optional<Teaching> teaching)
    : trainer_(&trainer),
      dataset_(&dataset),
      options_(options),
      pool_(&pool),
      teaching_(teaching),
      order_(dataset.size()),
      ordered_epoch_(std::numeric_limits<uint64_t>::max()) {
  if (dataset.size() == 0) throw std::invalid_argument("dataset: expected pictures, got none");
  if (options.batch_size == 0) throw std::invalid_argument("batch_size: expected 1 or more, got 0");
  if (!(options.warmup_epochs >= 0.0)) {
    throw std::invalid_argument("warmup_epochs: expected 0 or more, got " +
                                std::to_string(options.warmup_epochs));
  }
  const Shape picture{dataset.height, dataset.width, 1};
  if (trainer.network().architecture().input != picture) {
    throw std::invalid_argument("dataset: the network takes pictures of " +
                                to_string(trainer.network().architecture().input) + ", these are " +
                                to_string(picture));
  }
  augmenting_ = options.augment != AugmentOptions{};
  if (augmenting_ && (dataset.height != 28 || dataset.width != 28)) {
    throw std::invalid_argument("augment: works on pictures of [28, 28, 1], these are " +
                                to_string(picture));
  }
  if (teaching) {
    if (!(teaching->share >= 0.0 && teaching->share <= 1.0)) {
      throw std::invalid_argument("teaching: expected a share from 0 to 1, got " +
                                  std::to_string(teaching->share));
    }
    const Network& student = trainer.network();
    if (teaching->teacher->architecture().input != student.architecture().input ||
        teaching->teacher->output_shape() != student.output_shape()) {
      throw std::invalid_argument("teaching: teacher and network differ in input or classes");
    }
  }
  steps_per_epoch_ = (dataset.size() + options.batch_size - 1) / options.batch_size;
}

void TrainingRun::shuffle(uint64_t epoch) {
  std::iota(order_.begin(), order_.end(), 0u);
  Random random({options_.seed, kOrderStream, epoch});
  for (size_t i = order_.size(); i > 1; --i) {  // Fisher-Yates
    std::swap(order_[i - 1], order_[random.below(i)]);
  }
  ordered_epoch_ = epoch;
}

void TrainingRun::mix_in_teacher(std::span<const uint32_t> indices, Tensor& targets) {
  const size_t picture_size = dataset_->height * dataset_->width;
  std::vector<size_t> known;  // places in the batch
  for (size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] < teaching_->pictures) known.push_back(i);
  }
  if (known.empty()) return;
  taught_.resize({known.size(), dataset_->height, dataset_->width, 1});
  for (size_t k = 0; k < known.size(); ++k) {
    std::copy_n(&images_[known[k] * picture_size], picture_size, taught_.data() + k * picture_size);
  }
  const size_t classes = targets.dim(1);
  Tensor answers({known.size(), classes}, teaching_->teacher->infer(taught_).values());
  softmax(answers);
  const auto share = static_cast<float>(teaching_->share);
  for (size_t k = 0; k < known.size(); ++k) {
    for (size_t c = 0; c < classes; ++c) {
      float& target = targets.data()[known[k] * classes + c];
      target += share * (answers.data()[k * classes + c] - target);
    }
  }
}

float TrainingRun::step() {
  const uint64_t epoch = trainer_->steps() / steps_per_epoch_;
  if (epoch != ordered_epoch_) shuffle(epoch);
  const size_t begin = trainer_->steps() % steps_per_epoch_ * options_.batch_size;
  const size_t size = std::min(options_.batch_size, order_.size() - begin);
  const size_t picture_size = dataset_->height * dataset_->width;

  images_.resize(size * picture_size);
  labels_.resize(size);
  pool_->parallel_for(size, 1, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      const uint32_t index = order_[begin + i];
      labels_[i] = dataset_->labels[index];
      const std::span<const uint8_t> source(&dataset_->images[index * picture_size], picture_size);
      const std::span<float> target(&images_[i * picture_size], picture_size);
      if (augmenting_) {
        augment(source, target, options_.augment,
                Random({options_.seed, kAugmentStream, epoch, index}).next());
      } else {
        std::ranges::transform(source, target.begin(), [](uint8_t ink) { return ink / 255.0f; });
      }
    }
  });
  const auto warmup_steps = static_cast<uint64_t>(
      std::lround(options_.warmup_epochs * static_cast<double>(steps_per_epoch_)));
  Tensor targets = targets_of(labels_, element_count(trainer_->network().output_shape()));
  if (teaching_) mix_in_teacher(std::span(order_).subspan(begin, size), targets);
  return trainer_->step(images_, targets,
                        scheduled_learning_rate(trainer_->steps(), total_steps(), warmup_steps,
                                                options_.learning_rate));
}

}  // namespace inkdigit
