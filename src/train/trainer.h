#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "nn/network.h"
#include "train/loss.h"
#include "train/optimizer.h"

namespace inkdigit {

/// Takes optimizer steps on a network: forward, loss, backward, update. Not thread-safe.
class Trainer {
 public:
  /// `network` and `pool` are borrowed and must outlive the trainer. `seed` keys dropout: the same
  /// seed, data and thread count give the same weights.
  Trainer(Network& network, const OptimizerOptions& options, uint64_t seed, const ThreadPool& pool);

  /// One step on a batch. `images` is [N, input size] (for the default network N×784 in 0…1; for a
  /// head, features), `targets` what its outputs are to be, [N, classes] (see loss.h). Returns the
  /// mean cross-entropy of the batch before the step, in nats; if that is not finite, since the
  /// training has diverged, the network is unchanged. So it is for sizes that do not fit:
  /// std::invalid_argument.
  /// A teacher, if there is one, has its share of the gradient (see `distill`), not of the loss.
  float step(std::span<const float> images, const Tensor& targets, double learning_rate,
             const TeacherAnswers* teacher = nullptr);
  /// The same with N labels. std::invalid_argument for labels that are no class, too.
  float step(std::span<const float> images, std::span<const uint8_t> labels, double learning_rate);

  /// Whether dropout layers drop: for fine-tuning on a few pictures, steps are surer without. At
  /// first they do.
  void use_dropout(bool dropout) { dropout_ = dropout; }

  /// Steps taken so far.
  uint64_t steps() const { return optimizer_->steps(); }
  Network& network() { return *network_; }

  /// Weights, optimizer state and step count, to go on later exactly where this stands.
  WeightsFile save() const;
  /// WeightsError if it is none, or of another network; the trainer is of no more use then.
  void load(const WeightsFile& checkpoint);

 private:
  Network* network_;
  std::unique_ptr<Optimizer> optimizer_;
  uint64_t seed_;
  bool dropout_ = true;
  Tensor input_;        // [N, …input]
  Tensor grad_logits_;  // [N, classes]
};

}  // namespace inkdigit
