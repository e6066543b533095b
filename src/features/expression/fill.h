// What stands in for a missing value, made only of what was known before it. Unlike all other windows these hear of the
// bars at which their input is missing.
#pragma once

#include "features/indicator.h"

namespace hone {

// The last known value.
Result<IndicatorPointer> MakeFillForward(std::span<const double> parameters);
// The value, or where it is missing the mean of those known so far.
Result<IndicatorPointer> MakeFillMean(std::span<const double> parameters);

}  // namespace hone
