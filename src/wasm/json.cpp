#include "core/json.h"

#include <emscripten/em_js.h>
#include <emscripten/val.h>

#include <utility>

// A handle of the parsed value; null if it is not JSON, or too deep. Emscripten's own UTF8ToString
// would end at a NUL and mend what is not UTF-8. A decoder takes no memory that is shared: hence
// the copy.
// clang-format off
EM_JS_DEPS(inkdigit_json, "$Emval")
EM_JS(emscripten::EM_VAL, inkdigit_parse_json, (const char* text, size_t length, int depth), {
  const isDeeper = (value, most) =>
    value instanceof Object && (!most || Object.values(value).some((inner) => isDeeper(inner, most - 1)));
  try {
    const bytes = HEAPU8.slice(text, text + length);
    const json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isDeeper(json, depth) ? 0 : Emval.toHandle(json);
  } catch {
    return 0;
  }
})
// clang-format on

namespace inkdigit {

using emscripten::val;

struct Json::Value {
  val json;
};

Json::Json(Value value) : value_(std::make_unique<Value>(std::move(value))) {}
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

std::optional<Json> Json::parse(std::string_view text) {
  const emscripten::EM_VAL handle = inkdigit_parse_json(text.data(), text.size(), kMaxDepth);
  if (!handle) return std::nullopt;
  return Json(Value{val::take_ownership(handle)});
}

bool Json::is_object() const {
  return value_->json.typeOf().as<std::string>() == "object" && !value_->json.isNull() &&
         !is_array();
}

std::vector<std::pair<std::string, Json>> Json::members() const {
  const val entries = val::global("Object").call<val>("entries", value_->json);
  std::vector<std::pair<std::string, Json>> members;
  for (size_t i = 0; i < entries["length"].as<size_t>(); ++i) {
    members.emplace_back(entries[i][0].as<std::string>(), Json(Value{entries[i][1]}));
  }
  return members;
}

std::optional<Json> Json::find(const std::string& key) const {
  if (!is_object() || !val::global("Object").call<bool>("hasOwn", value_->json, key)) {
    return std::nullopt;
  }
  return Json(Value{value_->json[key]});
}

bool Json::is_array() const { return value_->json.isArray(); }

size_t Json::size() const { return value_->json["length"].as<size_t>(); }

Json Json::operator[](size_t index) const { return Json(Value{value_->json[index]}); }

std::optional<std::string> Json::text() const {
  if (!value_->json.isString()) return std::nullopt;
  return value_->json.as<std::string>();
}

std::optional<double> Json::number() const {
  if (!value_->json.isNumber()) return std::nullopt;
  return value_->json.as<double>();
}

std::string Json::dump() const {
  return val::global("JSON").call<std::string>("stringify", value_->json);
}

}  // namespace inkdigit
