// A model's name in a body, as the OpenAPI document gives it.
#pragma once

#include <string>

#include "wire/json_fields.h"

namespace hone {

// Requires `key`: 1 to 64 of a-z, 0-9, _ and -.
void ReadModelName(JsonFields& fields, const char* key, std::string& name);

}  // namespace hone
