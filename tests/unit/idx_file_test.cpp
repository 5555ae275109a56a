#include "train/idx_file.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "temporary_folder.h"

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using testing::TemporaryFolder;
using Bytes = std::vector<uint8_t>;

Bytes idx(uint8_t axes, const std::vector<uint32_t>& lengths, const Bytes& values) {
  Bytes bytes{0, 0, 8, axes};
  for (const uint32_t length : lengths) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(uint8_t(length >> shift));
  }
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

// Three pictures, 2 rows of 4 pixels each, which hold 0…23.
Bytes some_images() {
  Bytes values(3 * 2 * 4);
  std::iota(values.begin(), values.end(), uint8_t{0});
  return idx(3, {3, 2, 4}, values);
}

Bytes cut(Bytes bytes, size_t size) {
  bytes.resize(size);
  return bytes;
}

void check_images_refused(const Bytes& bytes, const std::string& why) {
  const TemporaryFolder folder;
  const auto path = folder.write("some-images", bytes);
  CHECK_THROWS_MATCHES(read_images(path), std::invalid_argument,
                       MessageMatches(ContainsSubstring("some-images") && ContainsSubstring(why)));
}

void check_labels_refused(const Bytes& bytes, const std::string& why) {
  const TemporaryFolder folder;
  const auto images = folder.write("some-images", some_images());
  const auto labels = folder.write("some-labels", bytes);
  CHECK_THROWS_MATCHES(read_dataset(images, labels), std::invalid_argument,
                       MessageMatches(ContainsSubstring("some-labels") && ContainsSubstring(why)));
}

TEST_CASE("a pair of IDX files becomes a dataset", "[idx]") {
  const TemporaryFolder folder;
  const Dataset dataset = read_dataset(folder.write("images", some_images()),
                                       folder.write("labels", idx(1, {3}, {7, 0, 9})));
  CHECK(dataset.size() == 3);
  CHECK(dataset.height == 2);
  CHECK(dataset.width == 4);
  REQUIRE(dataset.images.size() == 24);
  CHECK(dataset.images[0] == 0);
  CHECK(dataset.images[23] == 23);
  CHECK(dataset.labels == Bytes{7, 0, 9});
}

TEST_CASE("IDX images alone have no labels", "[idx]") {
  const TemporaryFolder folder;
  const Dataset dataset = read_images(folder.write("images", some_images()));
  CHECK(dataset.size() == 3);
  CHECK(std::ranges::equal(dataset.picture(1), Bytes{8, 9, 10, 11, 12, 13, 14, 15}));
  CHECK(dataset.labels.empty());
}

TEST_CASE("wrong images are refused with what to do", "[idx]") {
  check_images_refused({}, "0 bytes in all");
  check_images_refused({0, 0}, "2 bytes in all");
  check_images_refused({0x1f, 0x8b, 8, 0, 1, 2}, "gunzip");
  check_images_refused({'P', 'K', 3, 4, 0, 0}, "another kind");
  check_images_refused({0, 0, 0x0d, 3, 0, 0, 0, 1}, "another kind");  // IDX of floats
  check_images_refused(idx(1, {3}, {1, 2, 3}), "swapped");
  check_images_refused(cut(some_images(), 9), "header of 16 bytes");
  check_images_refused(cut(some_images(), 39), "promises 3×2×4 bytes, but only 23 follow");
  check_images_refused(cut(some_images(), 41), "promises 3×2×4 bytes, but 25 follow");
  check_images_refused(idx(3, {0, 28, 28}, {}), "empty");
  check_images_refused(idx(3, {3, 0, 4}, {}), "empty");
}

TEST_CASE("lengths that overflow when multiplied are refused, and nothing is allocated", "[idx]") {
  const uint32_t most = 0xffffffff;
  check_images_refused(idx(3, {most, most, most}, {1, 2, 3, 4}), "promises 4294967295×4294967295");
  // 2^32 · 2^31 · 2 = 2^64, which is 0 in 64 bits.
  check_images_refused(idx(3, {0x80000000, 0x80000000, 4}, {}), "only 0 follow");
  check_images_refused(idx(3, {60000, 28, 28}, {1, 2, 3, 4}), "only 4 follow");
}

TEST_CASE("wrong labels are refused with what to do", "[idx]") {
  check_labels_refused(idx(1, {2}, {1, 2}), "expected 3 labels");
  check_labels_refused(idx(1, {4}, {1, 2, 3, 4}), "expected 3 labels");
  check_labels_refused(idx(1, {3}, {1, 10, 3}), "got 10 at index 1");
  check_labels_refused(some_images(), "swapped");
  check_labels_refused(idx(1, {3}, {1, 2}), "truncated");
}

TEST_CASE("a missing file and a folder are told apart", "[idx]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(
      read_images(folder.path() / "nowhere"), std::invalid_argument,
      MessageMatches(ContainsSubstring("nowhere") && ContainsSubstring("no such file")));
  CHECK_THROWS_MATCHES(read_images(folder.path()), std::invalid_argument,
                       MessageMatches(ContainsSubstring("got a folder")));
  folder.write("images.gz", {});
  CHECK_THROWS_MATCHES(read_images(folder.path() / "images"), std::invalid_argument,
                       MessageMatches(ContainsSubstring("gunzip")));
}

}  // namespace
}  // namespace inkdigit
