#include "nn/weights_file.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/adler32.h"
#include "core/random.h"
#include "nn/checksum.h"

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;

std::vector<std::byte> file_of(const std::string& header, const std::vector<float>& data) {
  std::vector<std::byte> bytes(8 + header.size() + data.size() * sizeof(float));
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  if (!data.empty()) {
    std::memcpy(bytes.data() + 8 + header.size(), data.data(), data.size() * sizeof(float));
  }
  return bytes;
}

std::string error_of(const std::vector<std::byte>& bytes) {
  try {
    check_checksum(read_weights(bytes));
    return "no error";
  } catch (const WeightsError& error) {
    return error.what();
  }
}

std::string error_of(const std::string& header, const std::vector<float>& data) {
  return error_of(file_of(header, data));
}

TEST_CASE("what is written is read again", "[weights]") {
  WeightsFile file;
  file.tensors.emplace("a.weight", Tensor({2, 3}, std::vector<float>{1, -2, 3.5f, 0, 1e-30f, 6}));
  file.tensors.emplace("b", Tensor({1}, std::vector<float>{7}));
  file.metadata = {{"key", "a \"quoted\" text"}, {"other", ""}};
  WeightsFile copy = read_weights(write_weights(file));
  CHECK(copy.metadata.extract(WeightsFile::kChecksumKey).mapped() == checksum(file));
  CHECK(copy.metadata == file.metadata);
  REQUIRE(copy.tensors.size() == 2);
  CHECK(copy.tensors.at("a.weight").shape() == Shape{2, 3});
  CHECK(std::ranges::equal(copy.tensors.at("a.weight").values(),
                           file.tensors.at("a.weight").values()));
  CHECK(write_weights(copy) == write_weights(file));
}

TEST_CASE("the layout is that of the safetensors format", "[weights]") {
  const WeightsFile file = read_weights(
      file_of(R"({"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
              R"("y":{"dtype":"F32","shape":[],"data_offsets":[0,4]}} )",
              {1.0f, 2.0f, 3.0f}));
  CHECK(file.metadata.at("k") == "v");
  CHECK(file.tensors.at("x").values()[1] == 3.0f);
  CHECK(file.tensors.at("y").shape().empty());
  CHECK(file.tensors.at("y").values()[0] == 1.0f);
}

TEST_CASE("damage is found and named", "[weights]") {
  const auto tensor = [](const std::string& body) { return "{\"w\":{" + body + "}}"; };
  const std::string shape_and_offsets = R"("shape":[2],"data_offsets":[0,8])";
  const std::vector<float> two{1.0f, 2.0f};

  CHECK(error_of(std::vector<std::byte>(3)) == "not a safetensors file: only 3 bytes");
  std::vector<std::byte> too_long = file_of("{}", {});
  too_long[0] = std::byte{3};
  CHECK_THAT(error_of(too_long), ContainsSubstring("cut short"));
  too_long[7] = std::byte{0x80};
  CHECK_THAT(error_of(too_long), ContainsSubstring("not a safetensors file"));
  CHECK(error_of("[1]", {}) == "the header is not a JSON object");
  CHECK(error_of("{\"a\":", {}) == "the header is not a JSON object");
  CHECK(error_of(R"({"__metadata__":{"k":1}})", {}) == "__metadata__: \"k\" must be a text");
  CHECK_THAT(error_of(R"({"w":3})", two), ContainsSubstring("tensor w: expected \"dtype\""));
  CHECK(error_of(tensor("\"dtype\":\"F16\"," + shape_and_offsets), two) ==
        "tensor w: expected dtype F32 or I8, got \"F16\"");
  CHECK_THAT(error_of(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,12])"), two),
             ContainsSubstring("tensor w: data_offsets [0, 12] lie outside"));
  CHECK_THAT(error_of(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), two),
             ContainsSubstring("lie outside"));
  CHECK_THAT(error_of(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,-8])"), two),
             ContainsSubstring("expected a whole number, got -8"));
  CHECK(error_of(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), two) ==
        "tensor w: shape [2] needs 8 bytes, data_offsets give 4");
  CHECK_THAT(error_of(tensor(R"("dtype":"F32","shape":[4294967296,4294967296],)"
                             R"("data_offsets":[0,8])"),
                      two),
             ContainsSubstring("needs more than the file's 8 bytes"));
  CHECK_THAT(
      error_of(tensor(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8])"), two),
      ContainsSubstring("at most 8 lengths"));
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity(), -3e38f}) {
    CHECK(error_of(tensor("\"dtype\":\"F32\"," + shape_and_offsets), {1.0f, bad}) ==
          "tensor w: holds a value that is not a number, or above 100000");
  }
}

TEST_CASE("tensors that share bytes are refused: they would ask for more memory than the file has",
          "[weights]") {
  CHECK(error_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                 R"("b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                 {1.0f, 2.0f}) == "tensor b: overlaps another tensor");
}

TEST_CASE("the checksum is Adler-32, as RFC 1950 has it", "[weights]") {
  const auto sum = [](const std::string& text, size_t times) {
    Adler32 adler;
    for (size_t i = 0; i < times; ++i) adler.add(std::as_bytes(std::span(text)));
    return adler.value();
  };
  CHECK(sum("", 1) == 1);
  CHECK(sum("Wikipedia", 1) == 0x11E60398);
  // As zlib's adler32() has them.
  CHECK(sum(std::string(1'000'000, '\xff'), 1) == 0x3843E1BE);
  std::string whole;
  for (int i = 0; i < 10'000; ++i) whole += "inkdigit";
  CHECK(sum(whole, 1) == 0xA151E1C0);
  CHECK(sum("inkdigit", 10'000) == sum(whole, 1));  // in pieces
}

TEST_CASE("a single changed bit is found by the checksum", "[weights]") {
  WeightsFile file;
  file.tensors.emplace("w", Tensor({3}, std::vector<float>{1, -2, 3.5f}));
  file.int8_tensors.emplace("q", Int8Tensor({2}, std::vector<int8_t>{1, 2}));
  file.metadata["energy_threshold"] = "5.25";
  const std::vector<std::byte> good = write_weights(file);
  const size_t header = good.size() - 14;
  for (size_t byte = header; byte < good.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> bad = good;
      bad[byte] ^= std::byte{1} << bit;
      CHECK(error_of(bad) != "no error");
    }
  }
  const std::string text(reinterpret_cast<const char*>(good.data()), good.size());
  std::vector<std::byte> other_threshold = good;
  other_threshold[text.find("5.25")] = std::byte{'6'};
  CHECK_THAT(error_of(other_threshold), ContainsSubstring("the file is damaged"));
  CHECK_THAT(error_of(other_threshold), ContainsSubstring("leave \"checksum\" out"));
}

// Under the sanitizers this also proves that no damage leads to a wild read.
TEST_CASE("random damage ends in an error or a file, never elsewhere", "[weights]") {
  WeightsFile file;
  file.tensors.emplace("conv1.weight", Tensor({4, 3, 3, 1}));
  file.tensors.emplace("conv1.bias", Tensor({4}));
  file.metadata["architecture"] = R"({"input":[28,28,1]})";
  const std::vector<std::byte> good = write_weights(file);
  size_t refused = 0;
  for (uint64_t trial = 0; trial < 3000; ++trial) {
    Random random({trial});
    std::vector<std::byte> bad = good;
    const uint64_t changes = 1 + random.below(4);
    for (uint64_t i = 0; i < changes; ++i) {
      bad[random.below(bad.size())] = static_cast<std::byte>(random.below(256));
    }
    if (random.below(4) == 0) bad.resize(random.below(bad.size()));
    try {
      read_weights(bad);
    } catch (const WeightsError&) {
      ++refused;
    }
  }
  CHECK(refused > 1000);
}

}  // namespace
}  // namespace inkdigit
