#include "core/json.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace inkdigit {

struct Json::Value {
  nlohmann::ordered_json json;
};

Json::Json(Value value) : value_(std::make_unique<Value>(std::move(value))) {}
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

std::optional<Json> Json::parse(std::string_view text) {
  // nlohmann-json takes a NUL for the end of the text.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  using Event = nlohmann::ordered_json::parse_event_t;
  size_t members = 0;
  bool too_large = false;
  const auto watch = [&](int depth, Event event, auto&) {
    const bool begins = event == Event::array_start || event == Event::object_start;
    if (begins && depth >= kMaxDepth) too_large = true;
    if (event == Event::key && ++members > kMaxMembers) too_large = true;
    return !too_large;
  };
  auto json = nlohmann::ordered_json::parse(text, watch, /*allow_exceptions=*/false);
  if (too_large || json.is_discarded()) return std::nullopt;
  return Json(Value{std::move(json)});
}

bool Json::is_object() const { return value_->json.is_object(); }

std::vector<std::pair<std::string, Json>> Json::members() const {
  std::vector<std::pair<std::string, Json>> members;
  for (const auto& [key, value] : value_->json.items())
    members.emplace_back(key, Json(Value{value}));
  return members;
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
