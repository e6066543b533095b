// How long a route waits, twice as long each time, while predictions come faster than the writer takes them from the
// ring.
#pragma once

#include "base/time.h"

namespace hone {

inline constexpr Duration kFirstRetry = kMillisecond;
inline constexpr Duration kLongestRetry = 8 * kMillisecond;

}  // namespace hone
