// Reads JSON (RFC 8259) from outside: bounded, strict, without exceptions.
//
//   HONE_ASSIGN_OR_RETURN(const JsonValue body, ParseJson(request.body, {.source = "/outcomes"}));
//
// Errors are kInvalidArgument and name source, line and column: "/outcomes:1: column 7: syntax error ... expected ':'
// after a key". For reading known keys out of a map see json_fields.h; for the prediction path
// serving/predict_request.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// One value with all below it.
struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kText, kList, kMap };

  Kind kind = Kind::kNull;
  bool boolean = false;           // kBoolean
  bool is_integer = false;        // kNumber written without fraction and exponent, within int64
  int line = 0;                   // 1-based, where the value stands (a map or list: where it begins)
  double number = 0;              // kNumber; always finite
  std::int64_t integer = 0;       // kNumber with is_integer: exact
  std::string text;               // kText, valid UTF-8
  std::vector<std::string> keys;  // kMap, in the order of the text, distinct
  std::vector<JsonValue> items;   // kList, and the values of kMap

  bool is_null() const { return kind == Kind::kNull; }
  bool is_number() const { return kind == Kind::kNumber; }
  bool is_text() const { return kind == Kind::kText; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }
  // The value of a map's key; nullptr when there is none or this is no map.
  const JsonValue* Find(std::string_view key) const;
};

// "null", "a boolean", "a number", "a text", "a list", "a map"
const char* JsonKindName(JsonValue::Kind kind);

struct JsonLimits {
  std::string_view source;         // names the text in errors
  std::size_t bytes = 8u << 20;    // of text
  int depth = 32;                  // maps and lists within each other
  std::size_t values = 1'000'000;  // in all; a value takes about 100 bytes of memory
};

// The one value that `text` is. Refused, with the place: anything beyond the limits, a key that stands twice in one
// map, numbers beyond the range of a double, text that is not UTF-8, anything after the value.
Result<JsonValue> ParseJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace hone
