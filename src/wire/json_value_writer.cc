#include "wire/json_value_writer.h"

namespace hone {
namespace {

void WriteMap(const JsonValue& value, JsonWriter& json) {
  json.BeginMap();
  for (std::size_t i = 0; i < value.keys.size(); ++i) WriteJson(value.items[i], json.Key(value.keys[i]));
  json.EndMap();
}

void WriteList(const JsonValue& value, JsonWriter& json) {
  json.BeginList();
  for (const JsonValue& item : value.items) WriteJson(item, json);
  json.EndList();
}

}  // namespace

void WriteJson(const JsonValue& value, JsonWriter& json) {
  switch (value.kind) {
    case JsonValue::Kind::kNull: json.Null(); return;
    case JsonValue::Kind::kBoolean: json.Value(value.boolean); return;
    case JsonValue::Kind::kNumber:
      if (value.is_integer && value.integer != 0) {  // a zero may be -0.0 as a double
        json.Value(value.integer);
      } else {
        json.Value(value.number);
      }
      return;
    case JsonValue::Kind::kText: json.Value(value.text); return;
    case JsonValue::Kind::kMap: WriteMap(value, json); return;
    case JsonValue::Kind::kList: WriteList(value, json); return;
  }
}

}  // namespace hone
