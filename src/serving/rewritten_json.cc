#include "serving/rewritten_json.h"

#include "wire/json_writer.h"

namespace hone {
namespace {

// A double's shortest form may have all its digits and no exponent, and would be such an integer again.
std::string AsDouble(double number) {
  std::string text = JsonNumber(number);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

void WriteNumber(const JsonValue& value, JsonWriter& json) {
  if (value.is_integer) {
    json.Value(value.number);
  } else {
    json.Raw(AsDouble(value.number));
  }
}

void Write(const JsonValue& value, JsonWriter& json) {
  switch (value.kind) {
    case JsonValue::Kind::kNull: json.Null(); return;
    case JsonValue::Kind::kBoolean: json.Value(value.boolean); return;
    case JsonValue::Kind::kNumber: WriteNumber(value, json); return;
    case JsonValue::Kind::kText: json.Value(value.text); return;
    case JsonValue::Kind::kList:
      json.BeginList();
      for (const JsonValue& item : value.items) Write(item, json);
      json.EndList();
      return;
    case JsonValue::Kind::kMap:
      json.BeginMap();
      for (std::size_t i = 0; i < value.keys.size(); ++i) {
        json.Key(value.keys[i]);
        Write(value.items[i], json);
      }
      json.EndMap();
      return;
  }
}

}  // namespace

Result<std::string> RewriteLargeIntegers(std::string_view text, const JsonLimits& limits) {
  HONE_ASSIGN_OR_RETURN(const JsonValue value, ParseJson(text, limits));
  JsonWriter json;
  Write(value, json);
  if (json.text() == text) {
    return Error{ErrorCode::kInvalidArgument, "cannot be read as JSON", std::string(limits.source)};
  }
  return json.Take();
}

}  // namespace hone
