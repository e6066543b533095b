// Ids by the time they were made. Internal to outcomes.
#pragma once

#include <cstdint>

#include "base/id.h"
#include "base/time.h"

namespace hone {

// The smallest id made in or after the millisecond that `time` falls in, or the one after when it falls inside one.
inline Id FirstIdOf(Time time) {
  std::uint64_t milliseconds = 0;
  // Rounded up without a sum that the last of all times would overflow.
  if (time > 0) milliseconds = static_cast<std::uint64_t>(time / kMillisecond + (time % kMillisecond != 0 ? 1 : 0));
  Id id;
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  return id;
}

}  // namespace hone
