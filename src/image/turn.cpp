#include "image/turn.h"

#include <cmath>
#include <cstddef>

#include "image/frame_sampler.h"

namespace inkdigit {

void turn(const Frame& frame, float sine, std::span<float, kFrameSize> turned) {
  const float cosine = std::sqrt(1.0f - sine * sine);
  const LinearSampler sample(frame);
  for (size_t i = 0; i < kFrameSize; ++i) {
    const float x = static_cast<float>(i % kFrameSide) - kFrameCentre;
    const float y = static_cast<float>(i / kFrameSide) - kFrameCentre;
    turned[i] = sample(kFrameCentre + cosine * x + sine * y, kFrameCentre - sine * x + cosine * y);
  }
}

}  // namespace inkdigit
