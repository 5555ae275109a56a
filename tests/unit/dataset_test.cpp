#include "train/dataset.h"

#include <catch2/catch_test_macros.hpp>

namespace inkdigit {
namespace {

TEST_CASE("a dataset can be cut in two, and cut off", "[dataset]") {
  Dataset dataset{.height = 1, .width = 2, .images = {0, 1, 2, 3, 4, 5}, .labels = {7, 8, 9}};
  const Dataset rest = split_off(dataset, 2);
  CHECK(dataset.images == std::vector<uint8_t>{0, 1, 2, 3});
  CHECK(rest.images == std::vector<uint8_t>{4, 5});
  CHECK(rest.labels == std::vector<uint8_t>{9});
  keep_first(dataset, 3);
  CHECK(dataset.size() == 2);
  keep_first(dataset, 1);
  CHECK(dataset.images == std::vector<uint8_t>{0, 1});
  CHECK(dataset.labels == std::vector<uint8_t>{7});
  Dataset unlabelled{.height = 1, .width = 1, .images = {0, 1}};
  keep_first(unlabelled, 1);
  CHECK(unlabelled.labels.empty());
}

}  // namespace
}  // namespace inkdigit
