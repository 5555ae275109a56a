#include "core/json.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace inkdigit {
namespace {

std::vector<std::string> names(const Json& json) {
  std::vector<std::string> names;
  for (const auto& [name, value] : json.members()) names.push_back(name);
  return names;
}

Json parsed(std::string_view text) {
  std::optional<Json> json = Json::parse(text);
  REQUIRE(json);
  return std::move(*json);
}

TEST_CASE("JSON is parsed, and what is none is told", "[json]") {
  for (const char* text : {"", "{", "[1,]", "{'a':1}", "nul", "{\"a\":1}}"}) {
    CAPTURE(text);
    CHECK_FALSE(Json::parse(text));
  }
  const Json json = parsed(R"({"z":[1,"two",3.5],"a":{"ä":"ö\n"},"n":null})");
  CHECK(json.is_object());
  CHECK_FALSE(json.is_array());
  CHECK(names(json) == std::vector<std::string>{"z", "a", "n"});
  CHECK(json.find("z")->is_array());
  CHECK(json.find("z")->size() == 3);
  CHECK((*json.find("z"))[1].text() == "two");
  CHECK((*json.find("z"))[2].number() == 3.5);
  CHECK(json.find("a")->find("ä")->text() == "ö\n");
  CHECK(json.dump() == R"({"z":[1,"two",3.5],"a":{"ä":"ö\n"},"n":null})");
}

TEST_CASE("JSON that is nested deep is refused, as writing it would overflow the stack", "[json]") {
  const auto nested = [](size_t depth, const std::string& inmost) {
    return std::string(depth, '[') + inmost + std::string(depth, ']');
  };
  CHECK(parsed(nested(16, "1")).dump() == nested(16, "1"));
  CHECK_FALSE(Json::parse(nested(17, "")));
  CHECK_FALSE(Json::parse(nested(16, "{}")));
  CHECK_FALSE(Json::parse(nested(500000, "")));
  // What stands beside each other is not deep, and brackets in a text are none.
  CHECK(parsed("[" + nested(10, "") + "," + nested(10, "") + "]").size() == 2);
  CHECK(parsed(nested(16, R"("\"[[\\")")).dump() == nested(16, R"("\"[[\\")"));
}

TEST_CASE("JSON is UTF-8 without NUL", "[json]") {
  using namespace std::string_literals;
  for (const std::string& text :
       {"{}\0"s, "{}\0{"s, "\0"s, "[\"a\0b\"]"s, "[\"\xff\"]"s, "[\"\xc3\"]"s}) {
    CAPTURE(text);
    CHECK_FALSE(Json::parse(text));
  }
  CHECK(parsed(R"("\u0000")").text() == "\0"s);
}

TEST_CASE("a JSON value is what it is and nothing else", "[json]") {
  const Json json = parsed(R"([null,true,"1",1,[1],{"length":1}])");
  for (size_t i = 0; i < json.size(); ++i) {
    CAPTURE(i);
    CHECK(json[i].text().has_value() == (i == 2));
    CHECK(json[i].number().has_value() == (i == 3));
    CHECK(json[i].whole_number().has_value() == (i == 3));
    CHECK(json[i].is_array() == (i == 4));
    CHECK(json[i].is_object() == (i == 5));
    CHECK(json[i].find("length").has_value() == (i == 5));
  }
}

TEST_CASE("only members of its own are an object's", "[json]") {
  const Json json = parsed(R"({"a":1})");
  for (const char* key : {"b", "__proto__", "constructor", "hasOwnProperty", ""}) {
    CAPTURE(key);
    CHECK_FALSE(json.find(key));
  }
  const Json own = parsed(R"({"__proto__":{"a":2}})");
  CHECK(names(own) == std::vector<std::string>{"__proto__"});
  CHECK(own.find("__proto__")->find("a")->number() == 2.0);
  CHECK_FALSE(own.find("a"));
}

// JavaScript and C++ do not have the same texts.
TEST_CASE("members come with names of all kinds", "[json]") {
  for (const char* text :
       {R"({"\ufeffx":{"a":1}})", "{\"\ufeffx\":{\"a\":1}}", R"({"\u0000":{"a":1}})",
        R"({"a\u0000\ufeff":{"a":1}})", R"({"":{"a":1}})"}) {
    CAPTURE(text);
    const Json json = parsed(text);
    const auto members = json.members();
    REQUIRE(members.size() == 1);
    CHECK(members[0].second.find("a")->number() == 1.0);
  }
  // A lone surrogate is no text natively, and another one in JavaScript.
  if (const std::optional<Json> json = Json::parse(R"({"\ud800":{"a":1}})")) {
    CHECK(json->members()[0].second.find("a")->number() == 1.0);
  }
}

TEST_CASE("whole numbers go from 0 to 2^53", "[json]") {
  CHECK(parsed("0").whole_number() == 0u);
  CHECK(parsed("9007199254740992").whole_number() == uint64_t{1} << 53);
  CHECK(parsed("10.0").whole_number() == 10u);
  CHECK(parsed("1e1").whole_number() == 10u);
  for (const char* text : {"-1", "1.5", "9007199254740994", "1e300", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK(parsed(text).number());
    CHECK_FALSE(parsed(text).whole_number());
  }
}

}  // namespace
}  // namespace inkdigit
