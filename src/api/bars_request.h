// Reads the body of POST /market/bars:
//   {"instrument":"SPX","bars":[{"time":"2020-03-16","open":..,"high":..,"low":..,"close":..,"volume":..},...]}
// `open_time` may stand for `time`; either is RFC 3339 or an epoch number (seconds, milliseconds, microseconds or
// nanoseconds by size). `volume` may be left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "market/bar.h"

namespace hone {

struct BarsRequest {
  std::string instrument;
  std::vector<Bar> bars;  // known_at is open_time: it is the receiver who knows how long a bar is
};

inline constexpr std::size_t kMaxBarsPerRequest = 10'000;

// kInvalidArgument names the key ("bars[3].close") and what it must be.
Result<BarsRequest> ReadBarsRequest(std::string_view body);

}  // namespace hone
