// Writes a JSON value that was read (json.h) as it stood, without its white space: members in their order, numbers as
// the same double.
#pragma once

#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {

void WriteJson(const JsonValue& value, JsonWriter& json);

}  // namespace hone
