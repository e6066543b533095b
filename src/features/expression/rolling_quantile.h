// Quantiles over the last n values: an ascending copy of the window, in which the value that leaves makes room for the
// one that comes. O(n) moves of neighbouring memory a bar at worst, a few hundred nanoseconds for n = 1,000.
#pragma once

#include "features/indicator.h"

namespace hone {

inline constexpr int kLongestQuantileWindow = 10'000;

// parameters: n, probability in [0, 1]. Hyndman and Fan (1996), type 7: linear between order statistics.
Result<IndicatorPointer> MakeRollingQuantile(std::span<const double> parameters);
// parameters: n
Result<IndicatorPointer> MakeRollingMedian(std::span<const double> parameters);

}  // namespace hone
