#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cstdint>
#include <new>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "core/tensor.h"
#include "core/thread_pool.h"

namespace inkdigit {
namespace {

TEST_CASE("tensors are aligned, zero-filled and keep their memory", "[tensor]") {
  Tensor tensor({3, 5});
  CHECK(tensor.size() == 15);
  CHECK(reinterpret_cast<uintptr_t>(tensor.data()) % 64 == 0);
  for (const float value : tensor.values()) CHECK(value == 0.0f);
  // The slack may be read, and is: a memory checker would object if it were not there.
  float sum = 0.0f;
  for (size_t i = 0; i < Tensor::kSlackBytes / sizeof(float); ++i) sum += tensor.data()[15 + i];
  CHECK(sum == 0.0f);

  const float* before = tensor.data();
  tensor.resize({2, 2});
  tensor.resize({15});
  CHECK(tensor.data() == before);
  tensor.resize({16});
  CHECK(tensor.shape() == Shape{16});
}

TEST_CASE("what no memory could hold is refused before anything is written", "[tensor]") {
  const size_t huge = size_t{1} << (sizeof(size_t) * 4);  // its square is 0
  Tensor tensor({4});
  CHECK_THROWS_AS(tensor.resize({huge, huge}), std::bad_alloc);
  CHECK_THROWS_AS(tensor.resize({huge, huge / 4}), std::bad_alloc);  // so many bytes would be 0
  CHECK(tensor.size() == 4);
  CHECK_THROWS_AS(element_count({3, huge, huge}), std::bad_alloc);
}

TEST_CASE("tensors copy when asked", "[tensor]") {
  Tensor tensor({2}, std::vector<float>{1.0f, 2.0f});
  const Tensor copy = tensor.clone();
  tensor.fill(5.0f);
  CHECK(copy.values()[1] == 2.0f);
  CHECK_THROWS_AS(Tensor({3}, tensor.values()), std::invalid_argument);
  CHECK(to_string(Shape{2, 3}) == "[2, 3]");
  CHECK(with_batch(5, {2, 3}) == Shape{5, 2, 3});
  CHECK(to_string(Shape{}) == "[]");
}

TEST_CASE("a tensor's rows are the parts of its first axis", "[tensor]") {
  Tensor tensor({2, 1, 3}, std::vector<float>{0, 1, 2, 3, 4, 5});
  CHECK(tensor.row_size() == 3);
  CHECK(tensor.row(1).data() == tensor.data() + 3);
  CHECK(tensor.row(1).size() == 3);
  CHECK(Tensor({0, 3}).row_size() == 0);
}

TEST_CASE("what a body throws on any thread reaches the caller, and the pool works on",
          "[thread_pool]") {
  for (const size_t threads : {size_t{1}, size_t{2}}) {
    const ThreadPool pool(threads);
    for (int round = 0; round < 20; ++round) {
      const auto fail = [](size_t begin, size_t) {
        if (begin % 3 == 0) throw std::invalid_argument("on purpose");
      };
      CHECK_THROWS_WITH(pool.parallel_for(100, 1, fail), "on purpose");
      std::atomic<size_t> done = 0;
      pool.parallel_for(100, 7, [&](size_t begin, size_t end) { done += end - begin; });
      CHECK(done == 100);
    }
  }
}

TEST_CASE("a text of somebody else's is cut at a character for a message", "[errors]") {
  CHECK(excerpt("short") == "short");
  CHECK(excerpt(std::string(40, 'x')) == std::string(40, 'x'));
  CHECK(excerpt(std::string(41, 'x')) == std::string(40, 'x') + "…");
  CHECK(excerpt(std::string(39, 'x') + "éé") == std::string(39, 'x') + "…");
  CHECK(excerpt(std::string(60, '\x80')) == "…");  // no text at all
  CHECK(in_quotes("a") == "\"a\"");
  CHECK_THROWS_WITH(check_range("x", -1e-9, false, "0 or more"),
                    "x: expected 0 or more, got -1e-09");
  CHECK_THROWS_WITH(check_range("x", 783.0, false, "784"), "x: expected 784, got 783");
}

TEST_CASE("parallel_for covers every index once", "[thread_pool]") {
  const size_t threads = GENERATE(1, 2, 3);
  const ThreadPool pool(threads);
  CHECK(pool.threads() == (INKDIGIT_HAS_THREADS ? threads : 1));
  for (const size_t count : {0, 1, 7, 1000}) {
    std::vector<int> visits(count);
    pool.parallel_for(count, 7, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) ++visits[i];
    });
    CHECK(visits == std::vector<int>(count, 1));
  }
  CHECK_THROWS_AS(ThreadPool(0), std::invalid_argument);
}

TEST_CASE("random numbers are keyed, uniform and normal", "[random]") {
  CHECK(Random({1, 2}).next() == Random({1, 2}).next());
  CHECK(Random({1, 2}).next() != Random({2, 1}).next());
  CHECK(Random({0}).next() != Random({0, 0}).next());

  // 100,000 draws: bounds are four standard deviations.
  constexpr int kDraws = 100000;
  Random random({42});
  double uniform_sum = 0.0, normal_sum = 0.0, normal_squares = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    REQUIRE((u >= 0.0 && u < 1.0));
    uniform_sum += u;
    const double z = random.normal();
    normal_sum += z;
    normal_squares += z * z;
  }
  CHECK_THAT(uniform_sum / kDraws, Catch::Matchers::WithinAbs(0.5, 0.0037));
  CHECK_THAT(normal_sum / kDraws, Catch::Matchers::WithinAbs(0.0, 0.0127));
  CHECK_THAT(normal_squares / kDraws, Catch::Matchers::WithinAbs(1.0, 0.018));
  std::set<uint64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.below(7));
  CHECK(seen == std::set<uint64_t>{0, 1, 2, 3, 4, 5, 6});
}

}  // namespace
}  // namespace inkdigit
