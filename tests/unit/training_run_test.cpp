#include "train/training_run.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "core/random.h"
#include "train/coarse_scan.h"
#include "train/evaluate.h"
#include "train/loss.h"
#include "train/schedule.h"

namespace inkdigit {
namespace {

Architecture tiny_architecture() {
  return {.input = {28, 28, 1},
          .layers = {
              {.type = LayerType::kConv2d, .name = "conv1", .units = 2, .kernel = 5},
              {.type = LayerType::kRelu},
              {.type = LayerType::kMaxPool2d},
              {.type = LayerType::kDense, .name = "dense1", .units = 10},
          }};
}

// Bars whose height tells the class: easy to learn, and enough to see whether anything is.
Dataset bars(size_t count) {
  Dataset dataset{.height = 28, .width = 28};
  dataset.images.resize(count * 784);
  for (size_t n = 0; n < count; ++n) {
    const size_t label = n % 10;
    dataset.labels.push_back(static_cast<uint8_t>(label));
    Random random({n});
    const size_t row = 4 + 2 * label;
    const size_t column = 4 + random.below(8);
    for (size_t x = 0; x < 10; ++x) dataset.images[n * 784 + row * 28 + column + x] = 255;
  }
  return dataset;
}

struct Setup {
  ThreadPool pool{1};
  Network network{tiny_architecture(), pool};
  Trainer trainer{network, {}, /*seed=*/3, pool};
  Setup() { network.initialize(3); }
};

TEST_CASE("a run learns, and evaluation sees it", "[run]") {
  const Dataset dataset = bars(200);
  Setup setup;
  const Evaluation before = evaluate(setup.network, dataset);
  const RunOptions options{.epochs = 12, .batch_size = 32, .learning_rate = 0.02};
  TrainingRun run(setup.trainer, dataset, options, setup.pool);
  CHECK(run.steps_per_epoch() == 7);  // 200 / 32, the last batch is smaller
  while (!run.done()) run.step();
  CHECK(setup.trainer.steps() == 84);
  const Evaluation after = evaluate(setup.network, dataset);
  CHECK(before.count == 200);
  CHECK(before.accuracy() < 0.5);
  CHECK(after.accuracy() == 1.0);
  CHECK(after.loss < 0.2 * before.loss);
}

TEST_CASE("evaluation tells what was taken for what, and how far confidence misleads", "[run]") {
  // Logits are ten of the picture's pixels: what is inked there is read.
  const ThreadPool pool(1);
  Network network({.input = {28, 28, 1},
                   .layers = {{.type = LayerType::kDense, .name = "dense1", .units = 10}}},
                  pool);
  for (size_t c = 0; c < 10; ++c) network.parameters()[0]->value.data()[c * 784 + c] = 20.0f;
  Dataset dataset{.height = 28, .width = 28};
  dataset.images.resize(4 * 784);
  for (size_t n = 0; n < 4; ++n) dataset.images[n * 784 + 3] = 255;  // all are read as a 3, surely
  dataset.labels = {3, 3, 5, 3};
  const Evaluation result = evaluate(network, dataset);
  CHECK(result.correct == 3);
  CHECK(result.misread == std::vector<size_t>{2});
  CHECK(result.confusion[3][3] == 3);
  CHECK(result.confusion[5][3] == 1);
  CHECK_THAT(result.calibration_error, Catch::Matchers::WithinAbs(0.25, 1e-6));
  dataset.labels[1] = kNoClass;
  CHECK_THROWS_AS(evaluate(network, dataset), std::invalid_argument);
}

TEST_CASE("what pictures cannot be changed by is refused before any thread changes them", "[run]") {
  const Dataset dataset = bars(50);
  const ThreadPool two(2);
  Setup setup;
  CHECK_THROWS_AS(TrainingRun(setup.trainer, dataset, {.augment = {.rotation = 400.0}}, two),
                  std::invalid_argument);
  CHECK_THROWS_AS(TrainingRun(setup.trainer, dataset, {.augment = {.shift = -1.0}}, two),
                  std::invalid_argument);
}

TEST_CASE("a run that stops within an epoch goes on as if it had not", "[run]") {
  const Dataset dataset = bars(50);
  const RunOptions options{
      .epochs = 2, .batch_size = 16, .augment = {.rotation = 10.0, .shift = 1.0}};
  Setup whole;
  TrainingRun whole_run(whole.trainer, dataset, options, whole.pool);
  while (!whole_run.done()) whole_run.step();

  Setup first;
  TrainingRun first_run(first.trainer, dataset, options, first.pool);
  for (int i = 0; i < 6; ++i) first_run.step();  // in the middle of the second epoch
  const std::vector<std::byte> checkpoint = write_weights(first.trainer.save());
  Setup second;
  second.trainer.load(read_weights(checkpoint));
  TrainingRun second_run(second.trainer, dataset, options, second.pool);
  while (!second_run.done()) second_run.step();
  CHECK(write_weights(second.network.save()) == write_weights(whole.network.save()));
}

TEST_CASE("fresh pictures are drawn for each epoch, and are learnt from", "[run]") {
  // The dataset has one digit alone; all others come fresh, each in the next epoch but one again.
  Dataset dataset = bars(1);
  std::vector<uint64_t> drawn;
  const FreshPictures fresh{.count = 100, .draw = [&](uint64_t epoch) {
                              drawn.push_back(epoch);
                              Dataset all = bars(200);
                              Dataset half = split_off(all, 100);
                              return epoch % 2 == 0 ? all : half;
                            }};
  const RunOptions options{.epochs = 20, .batch_size = 16, .learning_rate = 0.02};
  Setup setup;
  TrainingRun run(setup.trainer, dataset, options, setup.pool, std::nullopt, fresh);
  CHECK(run.steps_per_epoch() == 7);  // 101 / 16
  while (!run.done()) run.step();
  REQUIRE(drawn.size() == 20);
  for (uint64_t epoch = 0; epoch < 20; ++epoch) CHECK(drawn[epoch] == epoch);
  CHECK(evaluate(setup.network, bars(200)).accuracy() == 1.0);

  // Resumed in the middle of an epoch, a run draws that epoch's again.
  drawn.clear();
  Setup first;
  TrainingRun first_run(first.trainer, dataset, options, first.pool, std::nullopt, fresh);
  for (int i = 0; i < 10; ++i) first_run.step();
  Setup second;
  second.trainer.load(first.trainer.save());
  TrainingRun second_run(second.trainer, dataset, options, second.pool, std::nullopt, fresh);
  while (!second_run.done()) second_run.step();
  CHECK(drawn[2] == 1);
  CHECK(write_weights(second.network.save()) == write_weights(setup.network.save()));
}

// A network of one dense layer without weights, whose bias says that everything is a `digit`.
Network stubborn(uint8_t digit, const ThreadPool& pool) {
  Network network({.input = {28, 28, 1},
                   .layers = {{.type = LayerType::kDense, .name = "dense1", .units = 10}}},
                  pool);
  network.parameters()[1]->value.data()[digit] = 20.0f;
  return network;
}

TEST_CASE("a teacher is believed by its share, on the pictures that it knows", "[run]") {
  Dataset dataset = bars(100);
  append(dataset, bars(100));
  Setup setup;
  Network teacher = stubborn(7, setup.pool);
  const RunOptions options{.epochs = 12, .batch_size = 32, .learning_rate = 0.02};
  // It knows the first half, and what it says there is all that counts.
  TrainingRun run(setup.trainer, dataset, options, setup.pool,
                  Teaching{.teacher = &teacher, .share = 1.0, .temperature = 1.0, .pictures = 100});
  while (!run.done()) run.step();
  // The second half is the same pictures: each is now as much a 7 as what it is.
  const Tensor logits = all_logits(setup.network, dataset);
  for (size_t n = 0; n < 10; ++n) {
    if (dataset.labels[n] == 7) continue;
    const float* row = logits.data() + n * 10;
    CHECK_THAT(row[7] - row[dataset.labels[n]], Catch::Matchers::WithinAbs(0.0, 0.5));
  }

  Setup other;
  TrainingRun doubting(
      other.trainer, dataset, options, other.pool,
      Teaching{.teacher = &teacher, .share = 0.2, .temperature = 1.0, .pictures = 200});
  while (!doubting.done()) doubting.step();
  CHECK(evaluate(other.network, dataset).accuracy() == 1.0);
}

TEST_CASE("what cannot be run is refused", "[run]") {
  Setup setup;
  const Dataset dataset = bars(10);
  Network teacher = stubborn(0, setup.pool);
  CHECK_THROWS_AS(
      TrainingRun(setup.trainer, dataset, {}, setup.pool, Teaching{&teacher, 1.5, 1.0, 10}),
      std::invalid_argument);
  Network wide({.input = {28, 28, 1},
                .layers = {{.type = LayerType::kDense, .name = "dense1", .units = 11}}},
               setup.pool);
  CHECK_THROWS_AS(
      TrainingRun(setup.trainer, dataset, {}, setup.pool, Teaching{&wide, 0.5, 1.0, 10}),
      std::invalid_argument);
  CHECK_THROWS_AS(
      TrainingRun(setup.trainer, dataset, {}, setup.pool, Teaching{&teacher, 0.5, 0.0, 10}),
      std::invalid_argument);
  TrainingRun short_of_pictures(setup.trainer, dataset, {}, setup.pool, std::nullopt,
                                {.count = 20, .draw = [](uint64_t) { return bars(19); }});
  CHECK_THROWS_AS(short_of_pictures.step(), std::invalid_argument);
  CHECK_THROWS_AS(TrainingRun(setup.trainer, Dataset{}, {}, setup.pool), std::invalid_argument);
  CHECK_THROWS_AS(TrainingRun(setup.trainer, dataset, {.batch_size = 0}, setup.pool),
                  std::invalid_argument);
  Dataset without_labels = dataset;
  without_labels.labels.clear();
  CHECK_THROWS_AS(TrainingRun(setup.trainer, without_labels, {}, setup.pool),
                  std::invalid_argument);
  Dataset other{.height = 14, .width = 56};
  other.images = dataset.images;
  other.labels = dataset.labels;
  CHECK_THROWS_AS(TrainingRun(setup.trainer, other, {}, setup.pool), std::invalid_argument);
  CHECK_THROWS_AS(evaluate(setup.network, other), std::invalid_argument);
  CHECK_THROWS_AS(evaluate(setup.network, Dataset{.height = 28, .width = 28}),
                  std::invalid_argument);
}

TEST_CASE("the learning rate rises, then falls to nothing", "[schedule]") {
  using Catch::Matchers::WithinAbs;
  CHECK_THAT(scheduled_learning_rate(0, 100, 10, 1.0), WithinAbs(0.1, 1e-12));
  CHECK_THAT(scheduled_learning_rate(9, 100, 10, 1.0), WithinAbs(1.0, 1e-12));
  CHECK_THAT(scheduled_learning_rate(10, 100, 10, 1.0), WithinAbs(1.0, 1e-12));
  CHECK_THAT(scheduled_learning_rate(55, 100, 10, 1.0), WithinAbs(0.5, 1e-12));
  CHECK(scheduled_learning_rate(99, 100, 10, 1.0) < 0.001);
  CHECK(scheduled_learning_rate(100, 100, 10, 1.0) == 0.0);
  CHECK(scheduled_learning_rate(0, 100, 0, 0.5) == 0.5);
}

TEST_CASE("a coarse scan fills a small loop and keeps the digit's place", "[run]") {
  // A ring, 16 pixels across, with a hole of 4.
  std::vector<float> ring(784);
  for (size_t i = 0; i < 784; ++i) {
    const double distance = std::hypot(double(i % 28) - 13.5, double(i / 28) - 13.5);
    ring[i] = distance > 2 && distance < 8 ? 1.0f : 0.0f;
  }
  std::set<std::vector<float>> seen;
  for (uint64_t key = 0; key < 40; ++key) {
    std::vector<float> scanned = ring;
    Random random({key});
    scan_coarsely(scanned, random);
    const auto [least, most] = std::ranges::minmax(scanned);
    CHECK(least >= 0.0f);
    CHECK(most <= 1.0f);
    double mass = 0, x = 0, y = 0;
    for (size_t i = 0; i < 784; ++i) {
      mass += scanned[i];
      x += scanned[i] * double(i % 28);
      y += scanned[i] * double(i / 28);
    }
    CHECK_THAT(x / mass, Catch::Matchers::WithinAbs(14.0, 0.6));
    CHECK_THAT(y / mass, Catch::Matchers::WithinAbs(14.0, 0.6));
    seen.insert(scanned);
  }
  CHECK(seen.size() == 9);  // 8 to 16 pixels
  std::vector<float> blank(784);
  Random random({1});
  scan_coarsely(blank, random);
  CHECK(blank == std::vector<float>(784));
}

TEST_CASE("a run scans its share of pictures coarsely, the same ones again", "[run]") {
  const Dataset dataset = bars(50);
  const auto losses = [&](double share) {
    Setup setup;
    TrainingRun run(setup.trainer, dataset, {.epochs = 1, .batch_size = 50, .coarse_share = share},
                    setup.pool);
    return run.step();
  };
  CHECK(losses(0.0) != losses(0.5));
  CHECK(losses(0.5) != losses(1.0));
  CHECK(losses(0.5) == losses(0.5));
  CHECK_THROWS_WITH(losses(1.5), Catch::Matchers::ContainsSubstring("coarse_share"));
}

}  // namespace
}  // namespace inkdigit
