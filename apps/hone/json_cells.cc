#include "hone/json_cells.h"

#include <fmt/format.h>

namespace hone {

std::string Cell(const JsonValue& map, std::string_view key) {
  const JsonValue* value = map.Find(key);
  if (value == nullptr || value->is_null()) return "";
  if (value->is_text()) return value->text;
  if (value->kind == JsonValue::Kind::kBoolean) return value->boolean ? "yes" : "no";
  return value->is_integer ? std::to_string(value->integer) : fmt::format("{:.6g}", value->number);
}

std::string IntervalCell(const JsonValue& map) {
  const JsonValue* interval = map.Find("interval");
  if (interval == nullptr || interval->items.size() != 2) return "";
  const auto end = [](const JsonValue& value) {
    return value.is_null() ? std::string("unbounded") : fmt::format("{:.4g}", value.number);
  };
  return end(interval->items[0]) + " .. " + end(interval->items[1]);
}

const JsonValue& Inside(const JsonValue& map, std::string_view key) {
  static const JsonValue nothing;
  const JsonValue* found = map.Find(key);
  return found == nullptr ? nothing : *found;
}

}  // namespace hone
