#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inkdigit {

/// A parsed JSON text, for reading. Natively nlohmann-json parses it; in WebAssembly JavaScript
/// does, which every page has already, while a parser would be a sixth of the module that reads
/// pictures.
class Json {
 public:
  /// Of arrays and objects in each other; what we write has 3. Values are copied and written by
  /// recursion, which would overflow the stack.
  static constexpr int kMaxDepth = 16;

  /// Of objects' members in all, natively: nlohmann-json looks through all of an object's for each
  /// new one, to keep them in order. What we write has some dozens.
  static constexpr size_t kMaxMembers = 10'000;

  /// Nothing if the text is not JSON in UTF-8, is nested deeper, or has more members.
  static std::optional<Json> parse(std::string_view text);

  Json(Json&&) noexcept;
  Json& operator=(Json&&) noexcept;
  ~Json();

  bool is_object() const;
  /// Of an object, in the order of the text (but that JavaScript puts names that are numbers
  /// first). Names that are not well-formed Unicode may come changed from JavaScript.
  std::vector<std::pair<std::string, Json>> members() const;
  /// An object's member; nothing if it has none of this name, or is no object.
  std::optional<Json> find(const std::string& key) const;

  bool is_array() const;
  /// Elements of an array.
  size_t size() const;
  Json operator[](size_t index) const;

  /// Nothing if it is not a text.
  std::optional<std::string> text() const;
  /// Nothing if it is not a number.
  std::optional<double> number() const;
  /// Nothing if it is not a whole number from 0 to 2^53.
  std::optional<uint64_t> whole_number() const {
    const std::optional<double> value = number();
    if (!value || *value < 0 || *value > 0x1p53 || *value != std::floor(*value)) {
      return std::nullopt;
    }
    return static_cast<uint64_t>(*value);
  }

  /// As JSON again, for error messages.
  std::string dump() const;

 private:
  struct Value;
  explicit Json(Value value);
  std::unique_ptr<Value> value_;
};

}  // namespace inkdigit
