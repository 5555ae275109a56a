#include "train/training_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>

#include "core/random.h"
#include "train/schedule.h"

namespace inkdigit {

namespace {
// Streams of random numbers that must not be the same.
constexpr uint64_t kOrderStream = 1;
constexpr uint64_t kAugmentStream = 2;
}  // namespace

TrainingRun::TrainingRun(Trainer& trainer, const Dataset& dataset, const RunOptions& options,
                         const ThreadPool& pool)
    : trainer_(&trainer),
      dataset_(&dataset),
      options_(options),
      pool_(&pool),
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
  return trainer_->step(images_, labels_,
                        scheduled_learning_rate(trainer_->steps(), total_steps(), warmup_steps,
                                                options_.learning_rate));
}

}  // namespace inkdigit
