#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "core/errors.h"
#include "core/random.h"

namespace inkdigit {

Trainer::Trainer(Network& network, const OptimizerOptions& options, uint64_t seed,
                 const ThreadPool& pool)
    : network_(&network),
      optimizer_(make_optimizer(options, network.parameters(), pool)),
      seed_(seed) {}

float Trainer::step(std::span<const float> images, std::span<const uint8_t> labels,
                    double learning_rate) {
  const size_t classes = element_count(network_->output_shape());
  if (std::ranges::find(labels, kNoClass) != labels.end()) throw no_label(kNoClass, classes);
  return step(images, targets_of(labels, classes), learning_rate);
}

float Trainer::step(std::span<const float> images, const Tensor& targets, double learning_rate,
                    const TeacherAnswers* teacher) {
  const Shape& input_shape = network_->architecture().input;
  const size_t image_size = element_count(input_shape);
  const size_t batch_size = targets.dim(0);
  if (batch_size == 0 || images.size() != batch_size * image_size) {
    throw std::invalid_argument("images: expected " + std::to_string(image_size) +
                                " values for each of one or more labels, got " +
                                std::to_string(images.size()) + " values for " +
                                std::to_string(batch_size) + " labels");
  }
  check_range("learning_rate", learning_rate,
              learning_rate >= 0.0 && std::isfinite(static_cast<float>(learning_rate)),
              "a number of 0 or more");
  input_.resize(with_batch(batch_size, input_shape));
  std::ranges::copy(images, input_.data());

  const Pass pass{.mode = Mode::kTraining,
                  .seed = mix_bits(seed_) ^ mix_bits(steps() + 1),
                  .dropout = dropout_};
  const Tensor& logits = network_->forward(input_, pass);
  const float loss = softmax_cross_entropy(logits, targets, grad_logits_);
  if (!std::isfinite(loss)) return loss;
  if (teacher) distill(logits, *teacher, grad_logits_);
  network_->backward(input_, grad_logits_);
  optimizer_->step(learning_rate);
  return loss;
}

WeightsFile Trainer::save() const {
  WeightsFile checkpoint = network_->save();
  optimizer_->save(checkpoint);
  return checkpoint;
}

void Trainer::load(const WeightsFile& checkpoint) {
  optimizer_->load(checkpoint);
  network_->load(checkpoint);
}

}  // namespace inkdigit
