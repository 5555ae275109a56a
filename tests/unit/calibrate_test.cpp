#include "train/calibrate.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "classifier.h"
#include "core/random.h"
#include "nn/logits.h"
#include "nn/weights_file.h"
#include "train/evaluate.h"

namespace inkdigit {
namespace {

using Catch::Matchers::WithinAbs;

// One dense layer whose logits are ten of the picture's pixels times `gain`: where one pixel is
// full, its class is sure.
Network pixel_reader(float gain, const ThreadPool& pool) {
  Network network({.input = {28, 28, 1},
                   .layers = {{.type = LayerType::kDense, .name = "dense1", .units = 10}}},
                  pool);
  Tensor& weights = network.parameters()[0]->value;
  for (size_t c = 0; c < 10; ++c) weights.data()[c * 784 + c] = gain;
  network.parameters()[0]->mark_changed();
  return network;
}

// Pixel n is full and tells the class, rightly in `right_share` of the pictures.
Dataset one_pixel_pictures(size_t count, double right_share) {
  Dataset dataset{.height = 28, .width = 28};
  dataset.images.resize(count * 784);
  Random random({5});
  for (size_t n = 0; n < count; ++n) {
    const auto told = static_cast<uint8_t>(n % 10);
    dataset.images[n * 784 + told] = 255;
    const bool right = random.uniform() < right_share;
    dataset.labels.push_back(right ? told
                                   : static_cast<uint8_t>((told + 1 + random.below(9)) % 10));
  }
  return dataset;
}

TEST_CASE("after calibration confidence is the share that is right", "[calibrate]") {
  const ThreadPool pool(1);
  const Dataset held_back = one_pixel_pictures(5000, 0.8);
  Network reader = pixel_reader(1.0f, pool);
  const double right = evaluate(reader, held_back).accuracy();
  for (const float gain : {0.7f, 20.0f}) {  // far from sure enough, and much too sure
    Network network = pixel_reader(gain, pool);
    const Calibration calibration = calibrate(network, held_back, 0.0);
    CHECK((calibration.temperature > 1.0) == (gain > 1.0f));
    const Tensor logits = all_logits(network, held_back);
    const double confidence = 1.0 / (1.0 + 9.0 * std::exp(-logits.data()[0]));
    CHECK_THAT(confidence, WithinAbs(right, 2e-3));
    CHECK(evaluate(network, held_back).accuracy() == right);
  }
}

TEST_CASE("the energy threshold leaves out the share asked for, and is kept in the weights",
          "[calibrate]") {
  const ThreadPool pool(1);
  Network network = pixel_reader(4.0f, pool);
  CHECK_FALSE(network.energy_threshold());
  CHECK_FALSE(network.save().metadata.contains(WeightsFile::kEnergyThresholdKey));
  Dataset held_back = one_pixel_pictures(1000, 0.9);
  for (size_t n = 0; n < 1000; ++n) {  // fainter and fainter
    held_back.images[n * 784 + n % 10] = static_cast<uint8_t>(255 - n / 10);
  }
  const Calibration calibration = calibrate(network, held_back, 0.2);
  CHECK(network.energy_threshold() == calibration.energy_threshold);
  const Tensor logits = all_logits(network, held_back);
  size_t below = 0;
  for (size_t n = 0; n < 1000; ++n) {
    below += energy(logits.values().subspan(n * 10, 10)) < calibration.energy_threshold;
  }
  CHECK(below <= 200);
  CHECK(below >= 180);  // faint ones come in equal groups of ten

  const WeightsFile file = read_weights(write_weights(network.save()));
  CHECK(Network::from_weights(file, pool).energy_threshold() == calibration.energy_threshold);
}

TEST_CASE("a frame with less energy than the threshold is unsure, however likely", "[calibrate]") {
  const ThreadPool pool(1);
  Network network = pixel_reader(8.0f, pool);
  Frame frame{};
  frame[3] = 255;
  const auto state = [&] { return Classifier(network.save(), pool).classify_frame(frame).state; };
  CHECK(state() == State::kDigit);
  const double evidence = std::log(std::exp(8.0) + 9.0);
  network.set_energy_threshold(evidence + 0.01);
  CHECK(state() == State::kUnsure);
  network.set_energy_threshold(evidence - 0.01);
  CHECK(state() == State::kDigit);
}

TEST_CASE("a threshold that is no number is the file's fault", "[calibrate]") {
  const ThreadPool pool(1);
  WeightsFile file = pixel_reader(1.0f, pool).save();
  for (const char* text : {"", "low", "1.5x", "nan", "inf"}) {
    file.metadata[WeightsFile::kEnergyThresholdKey] = text;
    CHECK_THROWS_AS(Network::from_weights(file, pool), WeightsError);
  }
}

TEST_CASE("calibration refuses what it cannot use", "[calibrate]") {
  const ThreadPool pool(1);
  const Dataset held_back = one_pixel_pictures(20, 1.0);
  Network network = pixel_reader(1.0f, pool);
  CHECK_THROWS_AS(calibrate(network, held_back, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(calibrate(network, held_back, -0.1), std::invalid_argument);
  CHECK_THROWS_AS(calibrate(network, Dataset{.height = 28, .width = 28}, 0.1),
                  std::invalid_argument);
  Network no_dense({.input = {28, 28, 1}, .layers = {{.type = LayerType::kMaxPool2d}}}, pool);
  CHECK_THROWS_AS(calibrate(no_dense, held_back, 0.1), std::invalid_argument);
}

}  // namespace
}  // namespace inkdigit
