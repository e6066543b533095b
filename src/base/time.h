// Time in hone: int64 nanoseconds since 1970-01-01T00:00:00Z, always UTC. Text form is RFC 3339.
// Nothing below apps/ reads the wall clock: a Clock is passed in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

// Nanoseconds since the epoch, UTC.
using Time = std::int64_t;
// Nanoseconds.
using Duration = std::int64_t;

inline constexpr Duration kMillisecond = 1'000'000;
inline constexpr Duration kSecond = 1'000 * kMillisecond;
inline constexpr Duration kDay = 86'400 * kSecond;

// A calendar date and time of day in UTC (proleptic Gregorian).
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int nanosecond = 0;
  int weekday = 4;  // 0 = Sunday; computed by ToCivil, ignored by FromCivil
};

CivilTime ToCivil(Time time);
// Fields must be in range (month 1-12, day within its month, ...); year 1678-2261.
Result<Time> FromCivil(const CivilTime& civil);

// "2008-09-15T00:00:00Z"; fractional seconds only when there are any.
std::string FormatTime(Time time);
// "2008-09-15"
std::string FormatDate(Time time);
// Accepts RFC 3339 with 'T' or a space, "Z", an offset or nothing (UTC), and a bare date.
Result<Time> ParseTime(std::string_view text);

// Source of the current time. Implementations are thread-safe unless they say otherwise.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
};

// A clock moved by its owner: replay and simulation. Not thread-safe.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Time start = 0) : now_(start) {}
  Time Now() const override { return now_; }
  // Never goes back: an earlier time is ignored.
  void AdvanceTo(Time time) {
    if (time > now_) now_ = time;
  }

 private:
  Time now_;
};

}  // namespace hone
