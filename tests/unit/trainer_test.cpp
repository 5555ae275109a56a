#include "train/trainer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "nn/logits.h"
#include "reference.h"
#include "train/loss.h"

namespace inkdigit {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using reference::random_tensor;

Architecture tiny_architecture(double dropout_rate) {
  return {.input = {8, 8, 1},
          .layers = {
              {.type = LayerType::kConv2d, .name = "conv1", .units = 4, .kernel = 3},
              {.type = LayerType::kRelu},
              {.type = LayerType::kMaxPool2d},
              {.type = LayerType::kDropout, .rate = dropout_rate},
              {.type = LayerType::kDense, .name = "dense1", .units = 16},
              {.type = LayerType::kTanh},
              {.type = LayerType::kDense, .name = "dense2", .units = 10},
          }};
}

struct Batch {
  Tensor images = random_tensor({12, 8, 8, 1}, 21);
  std::vector<uint8_t> labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 7};
};

TEST_CASE("one batch is learned by heart", "[trainer]") {
  const OptimizerType type = GENERATE(OptimizerType::kSgd, OptimizerType::kAdamW);
  const double learning_rate = type == OptimizerType::kSgd ? 0.05 : 0.01;
  const ThreadPool pool(1);
  Network network(tiny_architecture(0.0), pool);
  network.initialize(1);
  Trainer trainer(network, {.type = type}, /*seed=*/1, pool);
  const Batch batch;
  const float first = trainer.step(batch.images.values(), batch.labels, learning_rate);
  CHECK_THAT(first, WithinAbs(std::log(10.0), 1.0));  // guessing among ten
  float last = first;
  for (int i = 0; i < 1000; ++i) {
    last = trainer.step(batch.images.values(), batch.labels, learning_rate);
  }
  CHECK(last < 0.002f);
}

TEST_CASE("the same seed gives the same weights, another seed others", "[trainer]") {
  const auto train = [](uint64_t seed) {
    const ThreadPool pool(1);
    Network network(tiny_architecture(0.3), pool);
    network.initialize(1);
    Trainer trainer(network, {}, seed, pool);
    const Batch batch;
    for (int i = 0; i < 5; ++i) trainer.step(batch.images.values(), batch.labels, 0.01);
    return write_weights(network.save());
  };
  CHECK(train(1) == train(1));
  CHECK(train(1) != train(2));
}

TEST_CASE("a run that was stopped and resumed ends as one that was not", "[trainer]") {
  const OptimizerType type = GENERATE(OptimizerType::kSgd, OptimizerType::kAdamW);
  const ThreadPool pool(1);
  const Batch batch;
  Network network(tiny_architecture(0.3), pool);
  network.initialize(1);
  Trainer trainer(network, {.type = type}, /*seed=*/4, pool);
  for (int i = 0; i < 3; ++i) trainer.step(batch.images.values(), batch.labels, 0.01);
  const std::vector<std::byte> checkpoint = write_weights(trainer.save());
  for (int i = 0; i < 3; ++i) trainer.step(batch.images.values(), batch.labels, 0.01);

  Network resumed_network(tiny_architecture(0.3), pool);
  Trainer resumed(resumed_network, {.type = type}, /*seed=*/4, pool);
  resumed.load(read_weights(checkpoint));
  CHECK(resumed.steps() == 3);
  for (int i = 0; i < 3; ++i) resumed.step(batch.images.values(), batch.labels, 0.01);
  CHECK(write_weights(resumed.save()) == write_weights(trainer.save()));
}

TEST_CASE("weights alone, or a damaged count of steps, are not taken for a checkpoint",
          "[trainer]") {
  const ThreadPool pool(1);
  Network network(tiny_architecture(0.0), pool);
  Trainer trainer(network, {}, 1, pool);
  CHECK_THROWS_AS(trainer.load(network.save()), WeightsError);
  WeightsFile checkpoint = trainer.save();
  checkpoint.metadata["optimizer.steps"] = "-1";
  CHECK_THROWS_AS(trainer.load(checkpoint), WeightsError);
}

TEST_CASE("bad input is refused and changes nothing", "[trainer]") {
  const ThreadPool pool(1);
  Network network(tiny_architecture(0.0), pool);
  network.initialize(1);
  Trainer trainer(network, {}, 1, pool);
  Batch batch;
  const std::vector<std::byte> before = write_weights(trainer.save());
  const std::span<const float> images = batch.images.values();
  CHECK_THROWS_AS(trainer.step(images.first(63), batch.labels, 0.1), std::invalid_argument);
  CHECK_THROWS_AS(trainer.step({}, std::span<const uint8_t>{}, 0.1), std::invalid_argument);
  CHECK_THROWS_AS(trainer.step(images, batch.labels, -1.0), std::invalid_argument);
  CHECK_THROWS_AS(trainer.step(images, batch.labels, 1e300), std::invalid_argument);
  for (const uint8_t label : {uint8_t{10}, kNoClass}) {
    batch.labels[3] = label;
    CHECK_THROWS_AS(trainer.step(images, batch.labels, 0.1), std::invalid_argument);
  }
  CHECK(write_weights(trainer.save()) == before);
}

TEST_CASE("a loss that is no number changes nothing", "[trainer]") {
  const ThreadPool pool(1);
  Network network(tiny_architecture(0.0), pool);
  network.initialize(1);
  Trainer trainer(network, {}, 1, pool);
  const Batch batch;
  Parameter& bias = *network.parameters().back();
  bias.value.fill(std::numeric_limits<float>::infinity());  // as if steps had been too large
  bias.mark_changed();
  const std::vector<std::byte> before = write_weights(trainer.save());
  CHECK_FALSE(std::isfinite(trainer.step(batch.images.values(), batch.labels, 0.1)));
  CHECK(write_weights(trainer.save()) == before);
}

// One parameter whose gradient the test sets, against the formulas in double precision.
TEST_CASE("optimizer steps follow their papers", "[optimizer]") {
  const ThreadPool pool(2);
  Parameter weights("w", {2, 3});
  Parameter bias("b", {3});
  const Tensor start = random_tensor({2, 3}, 1);
  const Tensor start_bias = random_tensor({3}, 2);
  std::ranges::copy(start.values(), weights.value.data());
  std::ranges::copy(start_bias.values(), bias.value.data());
  const OptimizerOptions options{.type = GENERATE(OptimizerType::kSgd, OptimizerType::kAdamW),
                                 .momentum = 0.8,
                                 .beta1 = 0.85,
                                 .beta2 = 0.95,
                                 .epsilon = 1e-3,
                                 .weight_decay = 0.1};
  const auto optimizer = make_optimizer(options, {&weights, &bias}, pool);

  struct Expected {
    double w, v = 0.0, m = 0.0;
  };
  std::vector<Expected> expected;
  for (const float w : start.values()) expected.push_back({w});
  for (const float w : start_bias.values()) expected.push_back({w});

  for (int step = 1; step <= 4; ++step) {
    const double rate = 0.1 / step;
    const Tensor g = random_tensor({9}, static_cast<uint64_t>(10 + step));
    std::copy_n(g.data(), 6, weights.gradient.data());
    std::copy_n(g.data() + 6, 3, bias.gradient.data());
    const uint64_t version = weights.version;
    optimizer->step(rate);
    CHECK(weights.version > version);

    for (size_t i = 0; i < expected.size(); ++i) {
      Expected& e = expected[i];
      const double gi = g.values()[i];
      const double decay = i < 6 ? rate * options.weight_decay : 0.0;  // none on biases
      if (options.type == OptimizerType::kSgd) {
        e.v = options.momentum * e.v + gi;
        e.w = e.w - decay * e.w - rate * (gi + options.momentum * e.v);
      } else {
        e.m = options.beta1 * e.m + (1.0 - options.beta1) * gi;
        e.v = options.beta2 * e.v + (1.0 - options.beta2) * gi * gi;
        const double mean = e.m / (1.0 - std::pow(options.beta1, step));
        const double square = e.v / (1.0 - std::pow(options.beta2, step));
        e.w = e.w - decay * e.w - rate * mean / (std::sqrt(square) + options.epsilon);
      }
      const float actual = i < 6 ? weights.value.values()[i] : bias.value.values()[i - 6];
      CHECK_THAT(actual, WithinAbs(e.w, 2e-6));
    }
  }
}

TEST_CASE("optimizer options out of range are refused by name", "[optimizer]") {
  const ThreadPool pool(1);
  CHECK_THROWS_AS(make_optimizer({.momentum = 1.0}, {}, pool), std::invalid_argument);
  CHECK_THROWS_AS(make_optimizer({.beta2 = -0.1}, {}, pool), std::invalid_argument);
  for (const double epsilon : {0.0, 1e-50}) {
    CHECK_THROWS_AS(make_optimizer({.epsilon = epsilon}, {}, pool), std::invalid_argument);
  }
  CHECK_THROWS_AS(make_optimizer({.weight_decay = -1.0}, {}, pool), std::invalid_argument);
}

TEST_CASE("what belongs to no class is asked to be as good as any other", "[loss]") {
  Tensor logits({1, 4}), gradient;
  std::ranges::copy(std::vector<float>{2.0f, 0.0f, 0.0f, 0.0f}, logits.data());
  const double sum = std::exp(2.0) + 3.0;
  const float loss = softmax_cross_entropy(logits, std::vector<uint8_t>{kNoClass}, gradient);
  CHECK_THAT(loss, WithinRel(std::log(sum) - 0.25 * 2.0, 1e-6));
  CHECK_THAT(gradient.data()[0], WithinRel(std::exp(2.0) / sum - 0.25, 1e-6));
  CHECK_THAT(gradient.data()[1], WithinRel(1.0 / sum - 0.25, 1e-6));

  logits.fill(1.0f);
  softmax_cross_entropy(logits, std::vector<uint8_t>{kNoClass}, gradient);
  for (const float g : gradient.values()) CHECK_THAT(g, WithinAbs(0.0, 1e-7));
}

TEST_CASE("targets are probabilities, and learnt from as such", "[loss]") {
  const Tensor targets = targets_of(std::vector<uint8_t>{2, kNoClass}, 4);
  CHECK(targets.shape() == Shape{2, 4});
  const std::vector<float> expected{0.0f, 0.0f, 1.0f, 0.0f, 0.25f, 0.25f, 0.25f, 0.25f};
  CHECK(std::ranges::equal(targets.values(), expected));

  const std::vector<float> values{1.0f, 2.0f, 3.0f, 1000.0f, -1000.0f, 999.0f};
  Tensor probabilities({2, 3}, values);
  for (size_t n = 0; n < 2; ++n) softmax(probabilities.row(n), probabilities.row(n));
  CHECK_THAT(probabilities.data()[0], WithinRel(1.0 / (1.0 + std::exp(1.0) + std::exp(2.0)), 1e-6));
  CHECK_THAT(probabilities.data()[3], WithinRel(1.0 / (1.0 + std::exp(-1.0)), 1e-6));
  CHECK(probabilities.data()[4] == 0.0f);

  // What outputs are already what they are to be is not changed; loss is then their entropy.
  Tensor gradient;
  const Tensor logits({2, 3}, values);
  const float loss = softmax_cross_entropy(logits, probabilities, gradient);
  double entropy = 0.0;
  for (const double p : probabilities.values()) entropy -= p > 0.0 ? p * std::log(p) : 0.0;
  CHECK_THAT(loss, WithinRel(entropy / 2.0, 1e-6));
  for (const float g : gradient.values()) CHECK_THAT(g, WithinAbs(0.0, 1e-7));
  CHECK_THROWS_AS(softmax_cross_entropy(logits, targets, gradient), std::invalid_argument);
}

TEST_CASE("a teacher's answers are followed by their share, at their temperature", "[loss]") {
  // The gradient against differences of the loss itself: (1 - s) CE(labels) + s T² CE_T(teacher).
  const std::vector<uint8_t> labels{2, 0};
  const std::vector<float> values{0.5f, -1.0f, 2.0f, 3.0f, 0.0f, -2.0f};
  const TeacherAnswers teacher{
      .logits = Tensor({2, 3}, std::vector<float>{4.0f, 1.0f, -2.0f, 0.0f, 0.0f, 5.0f}),
      .shares = {0.75f, 0.0f},
      .temperature = 3.0};
  const auto softened = [&](const Tensor& logits, size_t row, size_t column) {
    double sum = 0.0;
    for (size_t c = 0; c < 3; ++c) sum += std::exp(logits.data()[row * 3 + c] / 3.0);
    return std::exp(logits.data()[row * 3 + column] / 3.0) / sum;
  };
  const auto loss = [&](const Tensor& logits) {
    double total = 0.0;
    for (size_t n = 0; n < 2; ++n) {
      double sum = 0.0, taught = 0.0;
      for (size_t c = 0; c < 3; ++c) {
        sum += std::exp(logits.data()[n * 3 + c]);
        taught -= softened(teacher.logits, n, c) * std::log(softened(logits, n, c));
      }
      const double share = teacher.shares[n];
      total +=
          (1.0 - share) * (std::log(sum) - logits.data()[n * 3 + labels[n]]) + share * 9.0 * taught;
    }
    return total / 2.0;
  };
  const Tensor logits({2, 3}, values);
  Tensor gradient;
  softmax_cross_entropy(logits, labels, gradient);
  distill(logits, teacher, gradient);
  constexpr double kStep = 1.0 / 256;
  for (size_t i = 0; i < 6; ++i) {
    Tensor more = logits.clone(), less = logits.clone();
    more.data()[i] += kStep;
    less.data()[i] -= kStep;
    CHECK_THAT(gradient.data()[i], WithinAbs((loss(more) - loss(less)) / (2.0 * kStep), 1e-4));
  }
  Tensor wrong({1, 3});
  CHECK_THROWS_AS(distill(wrong, teacher, gradient), std::invalid_argument);
}

TEST_CASE("cross-entropy is exact and does not overflow", "[loss]") {
  const Tensor logits({2, 3}, std::vector<float>{1.0f, 2.0f, 3.0f, 1000.0f, -1000.0f, 0.0f});
  const std::vector<uint8_t> labels{2, 0};
  Tensor gradient;
  const double first = std::log(std::exp(-2.0) + std::exp(-1.0) + 1.0);
  CHECK_THAT(softmax_cross_entropy(logits, labels, gradient), WithinRel(first / 2.0, 1e-6));
  CHECK_THAT(gradient.values()[2], WithinAbs((std::exp(-first) - 1.0) / 2.0, 1e-7));
  CHECK_THAT(gradient.values()[3], WithinAbs(0.0, 1e-7));
  CHECK_THROWS_AS(softmax_cross_entropy(logits, std::vector<uint8_t>{0, 3}, gradient),
                  std::invalid_argument);
  CHECK_THROWS_AS(softmax_cross_entropy(logits, std::vector<uint8_t>{0}, gradient),
                  std::invalid_argument);
}

}  // namespace
}  // namespace inkdigit
