#include "train/scanned_dataset.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <vector>

#include "train/pen_dataset.h"

namespace inkdigit {
namespace {

TEST_CASE("scans keep label and shape of their originals; threads do not change them", "[scan]") {
  const ThreadPool one(1), two(2);
  const Dataset digits = make_pen_digits(10, 5, one);  // one picture of each label
  const Dataset scans = make_scans(digits, 300, 3, one);
  REQUIRE(scans.size() == 300);
  CHECK(scans.images == make_scans(digits, 300, 3, two).images);
  CHECK(scans.images != make_scans(digits, 300, 4, one).images);
  for (size_t i = 0; i < scans.size(); ++i) {
    const uint8_t* scan = &scans.images[i * 784];
    // It is more like its original than like any other.
    size_t nearest = 0;
    int least = std::numeric_limits<int>::max();
    for (size_t other = 0; other < digits.size(); ++other) {
      int difference = 0;
      for (size_t p = 0; p < 784; ++p) {
        difference += std::abs(int{scan[p]} - int{digits.images[other * 784 + p]});
      }
      if (difference < least) {
        least = difference;
        nearest = other;
      }
    }
    CHECK(least > 0);
    CHECK(digits.labels[nearest] == scans.labels[i]);
  }
}

TEST_CASE("a picture without ink stays as it is", "[scan]") {
  const ThreadPool pool(1);
  const Dataset blank{
      .height = 28, .width = 28, .images = std::vector<uint8_t>(784), .labels = {7}};
  const Dataset scans = make_scans(blank, 2, 1, pool);
  CHECK(std::ranges::count(scans.images, 0) == 2 * 784);
  CHECK(scans.labels == std::vector<uint8_t>{7, 7});
}

TEST_CASE("scans need pictures of 28 by 28 to be made from", "[scan]") {
  const ThreadPool pool(1);
  CHECK_THROWS_AS(make_scans(Dataset{.height = 28, .width = 28}, 5, 1, pool),
                  std::invalid_argument);
  const Dataset small{.height = 2, .width = 2, .images = {0, 0, 0, 0}, .labels = {1}};
  CHECK_THROWS_AS(make_scans(small, 5, 1, pool), std::invalid_argument);
}

}  // namespace
}  // namespace inkdigit
