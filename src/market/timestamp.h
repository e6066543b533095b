// The time forms found in files of bars.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace hone {

// Whether the time lies within the years 1800 to 2200.
bool IsBarTime(Time time);

// Nanoseconds since the epoch, or nothing when the text is none of these or no bar time:
//   1315922016, 1315922016.25        epoch seconds of nine digits or more; milliseconds, microseconds, nanoseconds by
//                                    size
//   19980102, 19980102 09:30          a date of eight digits, also before a time
//   2008-09-15, 2008/9/15, 2008.09.15, followed by 'T' or a space and a time of day
//   9/15/2008, 09/15/08               month first; two digits of year: 69-99 are 19xx
// A time of day is as ParseTimeOfDay reads it, then "Z", " UTC", "+05:30", "-0500" or nothing (UTC).
std::optional<Time> ParseBarTime(std::string_view text);

// "9:30", "09:30:00", "09:30:00.250", "9:30 PM": nanoseconds since midnight.
std::optional<Duration> ParseTimeOfDay(std::string_view text);

}  // namespace hone
