// Sums, extremes and moments over the last n values.
#pragma once

#include "features/indicator.h"

namespace hone {

// parameters: n
Result<IndicatorPointer> MakeRollingSum(std::span<const double> parameters);
Result<IndicatorPointer> MakeRollingMean(std::span<const double> parameters);
Result<IndicatorPointer> MakeRollingMin(std::span<const double> parameters);
Result<IndicatorPointer> MakeRollingMax(std::span<const double> parameters);
// Sample standard deviation (divisor n - 1), n >= 2; exactly 0 where all values are equal.
Result<IndicatorPointer> MakeRollingStd(std::span<const double> parameters);

}  // namespace hone
