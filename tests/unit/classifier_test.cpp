#include "classifier.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "image/framing.h"
#include "image/turn.h"
#include "image/widen.h"
#include "nn/network.h"
#include "reference.h"

namespace inkdigit {
namespace {

WeightsFile some_weights(uint64_t seed, const ThreadPool& pool) {
  Network network(default_architecture(), pool);
  network.initialize(seed);
  return network.save();
}

// A black bar in the middle of white paper.
std::vector<uint8_t> bar(size_t side, size_t width, size_t height) {
  std::vector<uint8_t> pixels(side * side * 4, 255);
  for (size_t y = (side - height) / 2; y < (side + height) / 2; ++y) {
    for (size_t x = (side - width) / 2; x < (side + width) / 2; ++x) {
      for (size_t c = 0; c < 3; ++c) pixels[(y * side + x) * 4 + c] = 0;
    }
  }
  return pixels;
}

std::vector<uint8_t> drawing(size_t side) { return bar(side, side / 10, 3 * side / 5); }

/// Probabilities that come of the mean of logits, each with its weight: `looks` is [N, 784], in
/// 0…1.
std::vector<double> mean_of_looks(Classifier& classifier, std::span<const float> looks,
                                  std::span<const double> weights) {
  std::vector<float> probabilities(weights.size() * kDigits);
  classifier.classify_batch(looks.first(weights.size() * kFrameSize), probabilities);
  std::vector<double> mean(kDigits);
  for (size_t c = 0; c < kDigits; ++c) {
    double logarithm = 0.0;
    for (size_t n = 0; n < weights.size(); ++n) {
      logarithm += weights[n] * std::log(double{probabilities[n * kDigits + c]});
    }
    mean[c] = std::exp(logarithm);
  }
  const double sum = std::accumulate(mean.begin(), mean.end(), 0.0);
  for (double& probability : mean) probability /= sum;
  return mean;
}

TEST_CASE("a drawing gets probabilities, the most probable digit and its frame", "[classifier]") {
  const ThreadPool pool(1);
  Classifier classifier(some_weights(1, pool), pool);
  const std::vector<uint8_t> pixels = drawing(100);
  const Classification result = classifier.classify({pixels, 100, 100});
  CHECK(result.state != State::kBlank);
  const float sum = std::accumulate(result.probabilities.begin(), result.probabilities.end(), 0.0f);
  CHECK_THAT(sum, Catch::Matchers::WithinAbs(1.0, 1e-5));
  CHECK(result.confidence == *std::ranges::max_element(result.probabilities));
  CHECK(result.probabilities[static_cast<size_t>(result.digit)] == result.confidence);
  CHECK((result.state == State::kUnsure) == (result.confidence < Classifier::kUnsureBelow));
  CHECK(result.frame == *frame_digit({pixels, 100, 100}));
}

TEST_CASE("an empty drawing is blank, not a digit", "[classifier]") {
  const ThreadPool pool(1);
  Classifier classifier(some_weights(1, pool), pool);
  const std::vector<uint8_t> paper(50 * 50 * 4, 255);
  const Classification result = classifier.classify({paper, 50, 50});
  CHECK(result.state == State::kBlank);
  CHECK(result.digit == -1);
  CHECK(result.confidence == 0.0f);
  CHECK(to_string(result.state) == "blank");
}

TEST_CASE("a batch gives what single frames give", "[classifier]") {
  const ThreadPool pool(2);
  Classifier classifier(some_weights(2, pool), pool);
  constexpr size_t kCount = 67;  // more than two passes, and a rest
  std::vector<float> frames(kCount * kFrameSize);
  Random random({1});
  for (float& pixel : frames) pixel = static_cast<float>(random.below(256)) / 255.0f;
  std::vector<float> probabilities(kCount * kDigits);
  classifier.classify_batch(frames, probabilities);
  for (const size_t n : {size_t{0}, size_t{31}, size_t{32}, size_t{66}}) {
    Frame frame;
    for (size_t i = 0; i < kFrameSize; ++i) {
      frame[i] = static_cast<uint8_t>(std::lround(frames[n * kFrameSize + i] * 255.0f));
    }
    const Classification single = classifier.classify_frame(frame);
    for (size_t c = 0; c < kDigits; ++c) {
      CHECK_THAT(single.probabilities[c],
                 Catch::Matchers::WithinAbs(probabilities[n * kDigits + c], 1e-5));
    }
  }
  CHECK_THROWS_AS(classifier.classify_batch(std::span(frames).first(783), probabilities),
                  std::invalid_argument);
  classifier.classify_batch({}, {});  // nothing to do is no error
}

TEST_CASE("a drawing is looked at once more from either side where it is doubtful",
          "[classifier]") {
  const ThreadPool pool(1);
  WeightsFile weights = some_weights(1, pool);
  const std::vector<uint8_t> pixels = bar(100, 60, 10);
  const RgbaView picture{pixels, 100, 100};
  const Frame frame = *frame_digit(picture);
  Classifier classifier(weights, pool);

  std::vector<float> looks(3 * kFrameSize);
  constexpr std::array kTurns{0.0f, -0.139f, 0.139f};
  for (size_t n = 0; n < kTurns.size(); ++n) {
    turn(frame, kTurns[n], std::span(looks).subspan(n * kFrameSize).first<kFrameSize>());
  }
  constexpr std::array kWeights{1.0 / 3, 1.0 / 3, 1.0 / 3};
  const std::vector<double> expected = mean_of_looks(classifier, looks, kWeights);
  const Classification doubtful = classifier.classify(picture);
  REQUIRE(classifier.classify_frame(frame).confidence < 0.5f);
  for (size_t c = 0; c < kDigits; ++c) {
    CHECK_THAT(doubtful.probabilities[c], Catch::Matchers::WithinAbs(expected[c], 1e-5));
  }
  CHECK(doubtful.probabilities != classifier.classify_frame(frame).probabilities);

  for (float& weight : weights.tensors.at("dense2.weight").values()) weight *= 1000.0f;
  classifier.load(weights);
  const Classification sure = classifier.classify(picture);
  REQUIRE(sure.confidence > 0.99f);
  CHECK(sure.probabilities == classifier.classify_frame(frame).probabilities);

  // The energy, too, makes it doubtful: where it is hardly enough for a digit.
  const auto energy_above = [&](double distance) {
    weights.metadata[WeightsFile::kEnergyThresholdKey] = std::to_string(sure.energy - distance);
    classifier.load(weights);
    return classifier.classify(picture).energy;
  };
  CHECK(energy_above(2.1) == sure.energy);
  CHECK(energy_above(1.9) != sure.energy);
  CHECK(energy_above(-1.0) != sure.energy);
}

TEST_CASE("a narrow digit is looked at as it is and widened, which counts as one look",
          "[classifier]") {
  const ThreadPool pool(1);
  WeightsFile weights = some_weights(1, pool);
  const std::vector<uint8_t> pixels = bar(100, 20, 60);
  const RgbaView picture{pixels, 100, 100};
  const Ink digit = *cut_out_digit(picture);
  REQUIRE(widen(digit));
  const Frame frame = *frame_digit(picture), wide = frame_cut_out(*widen(digit));
  REQUIRE(wide != frame);
  Classifier classifier(weights, pool);

  std::vector<float> looks(4 * kFrameSize);
  const auto look = [&looks](size_t n) {
    return std::span(looks).subspan(n * kFrameSize).first<kFrameSize>();
  };
  bytes_to_ink(frame, look(0));
  bytes_to_ink(wide, look(1));
  turn(wide, -0.139f, look(2));
  turn(wide, 0.139f, look(3));
  constexpr std::array kDoubtful{1.0 / 6, 1.0 / 6, 1.0 / 3, 1.0 / 3};
  constexpr std::array kSure{0.5, 0.5};
  const auto check = [&](std::span<const double> weights) {
    const std::vector<double> expected = mean_of_looks(classifier, looks, weights);
    const Classification reading = classifier.classify(picture);
    CHECK(reading.frame == frame);
    for (size_t c = 0; c < kDigits; ++c) {
      CHECK_THAT(reading.probabilities[c], Catch::Matchers::WithinAbs(expected[c], 1e-4));
    }
    return reading.confidence;
  };
  CHECK(check(kDoubtful) < 0.95f);
  for (float& weight : weights.tensors.at("dense2.weight").values()) weight *= 60.0f;
  classifier.load(weights);
  CHECK(check(kSure) >= 0.95f);
}

TEST_CASE("a narrow digit that is a seven only when widened is read as it is", "[classifier]") {
  const ThreadPool pool(1);
  const std::vector<uint8_t> pixels = bar(100, 20, 60);
  const RgbaView picture{pixels, 100, 100};
  REQUIRE(widen(*cut_out_digit(picture)));
  // The energy tells whether the widened look counts in it.
  const auto counts = [&](size_t digit) {
    WeightsFile weights = some_weights(1, pool);
    weights.tensors.at("dense2.bias").values()[digit] += 100.0f;
    Classifier classifier(weights, pool);
    const Classification reading = classifier.classify(picture);
    REQUIRE(reading.digit == static_cast<int>(digit));
    return reading.energy != classifier.classify_frame(reading.frame).energy;
  };
  CHECK_FALSE(counts(7));
  CHECK(counts(1));
  CHECK(counts(8));
}

TEST_CASE("new weights change the answer, bad weights do not", "[classifier]") {
  const ThreadPool pool(1);
  Classifier classifier(some_weights(1, pool), pool);
  const std::vector<uint8_t> pixels = drawing(60);
  const RgbaView picture{pixels, 60, 60};
  const Classification first = classifier.classify(picture);

  WeightsFile damaged = some_weights(2, pool);
  damaged.tensors.erase("conv2.weight");
  CHECK_THROWS_AS(classifier.load(damaged), WeightsError);
  CHECK(classifier.classify(picture).probabilities == first.probabilities);

  Architecture eleven = default_architecture();
  eleven.layers.back().units = 11;
  CHECK_THROWS_AS(classifier.load(Network(eleven, pool).save()), WeightsError);
  CHECK(classifier.classify(picture).probabilities == first.probabilities);

  classifier.load(some_weights(2, pool));
  CHECK(classifier.classify(picture).probabilities != first.probabilities);
}

}  // namespace
}  // namespace inkdigit
