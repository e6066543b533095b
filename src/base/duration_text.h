// Durations as people write them in configuration: "30s", "5m", "1h30m", "250ms", "7d".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace hone {

// Whole numbers with the units d, h, m, s, ms, each once and in this order; "0" too. kInvalidArgument for anything
// else, and for more than ten years.
Result<Duration> ParseDuration(std::string_view text);

// The same text for the same duration: "1h30m"; "0s" for none. What is less than a millisecond is left out.
std::string FormatDuration(Duration duration);

}  // namespace hone
