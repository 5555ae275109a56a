#include "image/frame_sampler.h"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "core/random.h"

namespace inkdigit {
namespace {

using Catch::Matchers::WithinAbs;

/// An upright line, one pixel wide, from top to bottom in the column 14.
Frame line() {
  Frame frame{};
  for (size_t y = 0; y < kFrameSide; ++y) frame[y * kFrameSide + 14] = 255;
  return frame;
}

TEMPLATE_TEST_CASE("at pixels, samples are the pixels", "[frame_sampler]", LinearSampler,
                   SplineSampler) {
  Frame frame;
  Random random({1});
  for (uint8_t& level : frame) level = static_cast<uint8_t>(random.below(256));
  const TestType sample(frame);
  for (size_t i = 0; i < kFrameSize; ++i) {
    const auto x = static_cast<float>(i % kFrameSide), y = static_cast<float>(i / kFrameSide);
    REQUIRE_THAT(sample(x, y), WithinAbs(frame[i] / 255.0, 1e-6));
  }
}

TEST_CASE("between pixels, samples are in proportion", "[frame_sampler]") {
  const LinearSampler sample(line());
  for (const float x : {13.25f, 14.75f}) CHECK_THAT(sample(x, 14.3f), WithinAbs(0.25, 1e-6));
}

TEST_CASE("between pixels, splines are exact where a picture bends evenly", "[frame_sampler]") {
  Frame bowl;
  for (size_t i = 0; i < kFrameSize; ++i) {
    const int x = static_cast<int>(i % kFrameSide) - 14;
    bowl[i] = static_cast<uint8_t>(x * x);
  }
  const SplineSampler sample(bowl);
  CHECK_THAT(255.0f * sample(10.3f, 5.6f), WithinAbs(3.7 * 3.7, 1e-3));
}

TEST_CASE("splines keep a line narrow, and what they overshoot by is cut off", "[frame_sampler]") {
  const SplineSampler sample(line());
  CHECK_THAT(sample(13.75f, 14.3f), WithinAbs(0.8671875, 1e-6));
  CHECK_THAT(sample(14.5f, 14.3f), WithinAbs(0.5625, 1e-6));
  CHECK(sample(15.5f, 14.3f) == 0.0f);  // else -0.0625

  Frame edge{};
  for (size_t i = 0; i < kFrameSize; ++i) edge[i] = i % kFrameSide < 14 ? 0 : 255;
  CHECK(SplineSampler(edge)(14.5f, 14.3f) == 1.0f);  // else 1.0625
}

TEMPLATE_TEST_CASE("all around a frame there is paper, however far", "[frame_sampler]",
                   LinearSampler, SplineSampler) {
  Frame ink;
  ink.fill(255);
  const TestType sample(ink);
  for (const float outside : {-1e9f, -3.0f, -2.0f, -1.0f, 28.0f, 29.0f, 30.0f, 1e9f}) {
    CHECK(sample(outside, 14.0f) == 0.0f);
    CHECK(sample(14.0f, outside) == 0.0f);
  }
  CHECK_THAT(sample(-0.5f, 14.0f), WithinAbs(0.5, 1e-6));  // of the last ink
}

}  // namespace
}  // namespace inkdigit
