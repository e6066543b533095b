// Quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7; NumPy's default).
#pragma once

#include <span>

namespace hone {

// The quantile at `probability` (taken into [0, 1]) of values in ascending order; NaN without values.
double SortedQuantile(std::span<const double> sorted, double probability);

// The same of values in any order. O(n) on average, one copy.
double Quantile(std::span<const double> values, double probability);

}  // namespace hone
