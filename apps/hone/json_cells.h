// Members of an answer as cells of a table.
#pragma once

#include <string>
#include <string_view>

#include "wire/json.h"

namespace hone {

// What stands at `key`: "" for null or where nothing does, numbers with six digits.
std::string Cell(const JsonValue& map, std::string_view key);
// [low, high] at "interval": "0.1 .. 0.3", an end that is null "unbounded"; "" without one.
std::string IntervalCell(const JsonValue& map);
// The list or map at `key`, an empty value where there is none.
const JsonValue& Inside(const JsonValue& map, std::string_view key);

}  // namespace hone
