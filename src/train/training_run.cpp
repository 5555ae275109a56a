#include "train/training_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/errors.h"
#include "core/random.h"
#include "image/ink.h"
#include "train/coarse_scan.h"
#include "train/schedule.h"

namespace inkdigit {

namespace {
// Streams of random numbers that must not be the same.
constexpr uint64_t kOrderStream = 1;
constexpr uint64_t kAugmentStream = 2;
constexpr uint64_t kCoarseStream = 3;
}  // namespace

TrainingRun::TrainingRun(Trainer& trainer, const Dataset& dataset, const RunOptions& options,
                         const ThreadPool& pool, std::optional<Teaching> teaching,
                         FreshPictures fresh)
    : trainer_(&trainer),
      dataset_(&dataset),
      options_(options),
      pool_(&pool),
      teaching_(teaching),
      fresh_(std::move(fresh)),
      epoch_(std::numeric_limits<uint64_t>::max()),
      order_(dataset.size() + fresh_.count) {
  check_dataset(dataset, trainer.network().architecture().input);
  if (dataset.labels.size() != dataset.size()) {
    throw std::invalid_argument("dataset: expected " + std::to_string(dataset.size()) +
                                " labels, got " + std::to_string(dataset.labels.size()));
  }
  if (options.batch_size == 0) throw std::invalid_argument("batch_size: expected 1 or more, got 0");
  check_range("warmup_epochs", options.warmup_epochs, options.warmup_epochs >= 0.0, "0 or more");
  augmenting_ = options.augment != AugmentOptions{};
  check_augment(options.augment);
  check_range("coarse_share", options.coarse_share,
              options.coarse_share >= 0.0 && options.coarse_share <= 1.0, "0 to 1");
  if ((augmenting_ || options.coarse_share > 0.0) &&
      (dataset.height != kFrameSide || dataset.width != kFrameSide)) {
    throw std::invalid_argument(
        "augment, coarse_share: work on pictures of [28, 28, 1], these are " +
        to_string(trainer.network().architecture().input));
  }
  if (teaching) {
    check_range("teaching", teaching->share, teaching->share >= 0.0 && teaching->share <= 1.0,
                "a share from 0 to 1");
    check_range("teaching", teaching->temperature, teaching->temperature > 0.0,
                "a temperature above 0");
    const Network& student = trainer.network();
    if (teaching->teacher->architecture().input != student.architecture().input ||
        teaching->teacher->output_shape() != student.output_shape()) {
      throw std::invalid_argument("teaching: teacher and network differ in input or classes");
    }
  }
  steps_per_epoch_ = (order_.size() + options.batch_size - 1) / options.batch_size;
}

void TrainingRun::begin_epoch(uint64_t epoch) {
  if (fresh_.count > 0) {
    drawn_ = fresh_.draw(epoch);
    if (drawn_.size() != fresh_.count || drawn_.labels.size() != fresh_.count ||
        drawn_.height != dataset_->height || drawn_.width != dataset_->width) {
      throw std::invalid_argument("fresh: expected " + std::to_string(fresh_.count) +
                                  " labelled pictures of the dataset's size, got " +
                                  std::to_string(drawn_.size()) + " of " +
                                  to_string(Shape{drawn_.height, drawn_.width, 1}));
    }
  }
  std::iota(order_.begin(), order_.end(), 0u);
  Random random({options_.seed, kOrderStream, epoch});
  for (size_t i = order_.size(); i > 1; --i) {  // Fisher-Yates
    std::swap(order_[i - 1], order_[random.below(i)]);
  }
  epoch_ = epoch;
}

void TrainingRun::fill_batch(std::span<const uint32_t> indices) {
  const size_t picture_size = dataset_->picture_size();
  images_.resize(indices.size() * picture_size);
  labels_.resize(indices.size());
  pool_->parallel_for(indices.size(), 1, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      const uint32_t index = indices[i];
      const bool fresh = index >= dataset_->size();
      const Dataset& home = fresh ? drawn_ : *dataset_;
      const size_t at = fresh ? index - dataset_->size() : index;
      labels_[i] = home.labels[at];
      const std::span<const uint8_t> source = home.picture(at);
      const std::span<float> target(&images_[i * picture_size], picture_size);
      if (augmenting_) {
        augment(source.first<kFrameSize>(), target.first<kFrameSize>(), options_.augment,
                Random({options_.seed, kAugmentStream, epoch_, index}).next());
      } else {
        bytes_to_ink(source, target);
      }
    }
  });
}

void TrainingRun::scan_some_coarsely(std::span<const uint32_t> indices) {
  const size_t picture_size = dataset_->picture_size();
  pool_->parallel_for(indices.size(), 1, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) {
      Random random({options_.seed, kCoarseStream, epoch_, indices[i]});
      if (random.uniform(0.0, 1.0) >= options_.coarse_share) continue;
      scan_coarsely(std::span(&images_[i * picture_size], picture_size), random);
    }
  });
}

TeacherAnswers TrainingRun::ask_teacher(std::span<const uint32_t> indices) {
  const size_t picture_size = dataset_->picture_size();
  const size_t classes = element_count(trainer_->network().output_shape());
  TeacherAnswers answers{.logits = Tensor({indices.size(), classes}),
                         .shares = std::vector<float>(indices.size()),
                         .temperature = teaching_->temperature};
  std::vector<size_t> known;  // places in the batch
  for (size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] < teaching_->pictures) known.push_back(i);
  }
  if (known.empty()) return answers;
  taught_.resize({known.size(), dataset_->height, dataset_->width, 1});
  for (size_t k = 0; k < known.size(); ++k) {
    std::copy_n(&images_[known[k] * picture_size], picture_size, taught_.row(k).data());
  }
  const Tensor& logits = teaching_->teacher->infer(taught_);
  for (size_t k = 0; k < known.size(); ++k) {
    answers.shares[known[k]] = static_cast<float>(teaching_->share);
    std::ranges::copy(logits.row(k), answers.logits.row(known[k]).data());
  }
  return answers;
}

float TrainingRun::step() {
  const uint64_t steps = trainer_->steps();
  if (const uint64_t epoch = steps / steps_per_epoch_; epoch != epoch_) begin_epoch(epoch);
  const size_t begin = steps % steps_per_epoch_ * options_.batch_size;
  const std::span<const uint32_t> batch = std::span<const uint32_t>(order_).subspan(
      begin, std::min(options_.batch_size, order_.size() - begin));
  fill_batch(batch);
  std::optional<TeacherAnswers> teacher;
  if (teaching_) teacher = ask_teacher(batch);
  // The teacher has seen them finely.
  if (options_.coarse_share > 0.0) scan_some_coarsely(batch);
  const auto warmup_steps = static_cast<uint64_t>(
      std::lround(options_.warmup_epochs * static_cast<double>(steps_per_epoch_)));
  return trainer_->step(
      images_, targets_of(labels_, element_count(trainer_->network().output_shape())),
      scheduled_learning_rate(steps, total_steps(), warmup_steps, options_.learning_rate),
      teacher ? &*teacher : nullptr);
}

}  // namespace inkdigit
