#include "core/json.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace inkdigit {

namespace {
constexpr int kMaxDepth = 16;  // of arrays and objects in each other; what we write has 3
}

struct Json::Value {
  nlohmann::ordered_json json;
};

Json::Json(Value value) : value_(std::make_unique<Value>(std::move(value))) {}
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

std::optional<Json> Json::parse(std::string_view text) {
  // Values are copied and written by recursion: from a file, it must not go deep.
  bool too_deep = false;
  const auto watch_depth = [&](int depth, auto, auto&) {
    if (depth > kMaxDepth) too_deep = true;
    return !too_deep;
  };
  auto json = nlohmann::ordered_json::parse(text, watch_depth, /*allow_exceptions=*/false);
  if (too_deep || json.is_discarded()) return std::nullopt;
  return Json(Value{std::move(json)});
}

bool Json::is_object() const { return value_->json.is_object(); }

std::vector<std::string> Json::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : value_->json.items()) keys.push_back(key);
  return keys;
}

std::optional<Json> Json::find(const std::string& key) const {
  if (!value_->json.contains(key)) return std::nullopt;
  return Json(Value{value_->json[key]});
}

bool Json::is_array() const { return value_->json.is_array(); }

size_t Json::size() const { return value_->json.size(); }

Json Json::operator[](size_t index) const { return Json(Value{value_->json.at(index)}); }

std::optional<std::string> Json::text() const {
  if (!value_->json.is_string()) return std::nullopt;
  return value_->json.get<std::string>();
}

std::optional<double> Json::number() const {
  if (!value_->json.is_number()) return std::nullopt;
  return value_->json.get<double>();
}

std::string Json::dump() const { return value_->json.dump(); }

}  // namespace inkdigit
