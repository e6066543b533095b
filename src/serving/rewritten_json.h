// Integers beyond 64 bits are right in JSON, but simdjson refuses them (request_json.h takes both ways).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/json.h"

namespace hone {

// The same JSON with every such integer as the nearest double, for text that simdjson did not take. The error of
// ParseJson where it is no JSON within `limits` either; kInvalidArgument where nothing is different.
Result<std::string> RewriteLargeIntegers(std::string_view text, const JsonLimits& limits);

}  // namespace hone
