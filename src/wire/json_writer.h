// Writes JSON, byte for byte the same for the same calls: members stand in the order written, numbers in the shortest
// form that reads back to the same double, nothing depends on locale or platform.
//
//   JsonWriter json;
//   json.BeginMap().Member("model", "volatility").Member("value", 0.1).Key("rows").BeginList().Value(1).EndList();
//   json.EndMap();
//   json.text()   ->   {"model":"volatility","value":0.1,"rows":[1]}
//
// NaN and infinities become null. Text is escaped as RFC 8259 asks; each byte that is not valid UTF-8 becomes U+FFFD,
// so the output is always valid. Values may follow each other at top level, one a line (JSON lines). Calls that do not
// fit each other (a value in a map without a key, an unclosed list) are a programming mistake and abort. Not
// thread-safe.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

enum class JsonStyle {
  kCompact,  // no white space
  kPretty,   // a member or item a line, indented by two spaces
};

class JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style = JsonStyle::kCompact) : style_(style) {}

  JsonWriter& BeginMap();
  JsonWriter& EndMap();
  JsonWriter& BeginList();
  JsonWriter& EndList();
  JsonWriter& Key(std::string_view key);

  JsonWriter& Null();
  JsonWriter& Value(bool value);
  JsonWriter& Value(double value);
  JsonWriter& Value(std::string_view text);
  JsonWriter& Value(const char* text) { return Value(std::string_view(text)); }
  JsonWriter& Value(const std::string& text) { return Value(std::string_view(text)); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& Value(T value) {
    if constexpr (std::is_signed_v<T>) {
      return Signed(static_cast<std::int64_t>(value));
    } else {
      return Unsigned(static_cast<std::uint64_t>(value));
    }
  }
  // null when empty.
  template <typename T>
  JsonWriter& Value(const std::optional<T>& value) {
    return value.has_value() ? Value(*value) : Null();
  }
  // Text that is JSON already, copied as it is.
  JsonWriter& Raw(std::string_view json);

  // Key and value at once.
  template <typename T>
  JsonWriter& Member(std::string_view key, const T& value) {
    return Key(key).Value(value);
  }
  JsonWriter& RawMember(std::string_view key, std::string_view json) { return Key(key).Raw(json); }

  // Everything written so far.
  const std::string& text() const { return text_; }
  // Hands the text out and starts anew. Every map and list must be closed.
  std::string Take();
  // Starts anew and keeps the memory.
  void Clear();

 private:
  struct Scope {
    bool map = false;
    bool empty = true;
  };
  void BeforeValue();
  void NextItem();
  void NewLine();
  void Quote(std::string_view text);
  JsonWriter& Begin(char bracket, bool map);
  JsonWriter& End(char bracket, bool map);
  JsonWriter& Signed(std::int64_t value);
  JsonWriter& Unsigned(std::uint64_t value);

  JsonStyle style_;
  std::string text_;
  std::vector<Scope> scopes_;
  bool after_key_ = false;
};

// The shortest decimal that reads back to `value` ("0.1", "1e+20"); "null" for NaN and infinities.
std::string JsonNumber(double value);

}  // namespace hone
