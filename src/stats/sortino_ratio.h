// The Sortino ratio (Sortino and Price 1994): mean return over the root mean square of the returns below 0.
#pragma once

#include <span>

namespace hone {

// Of one row; of a year, times the root of its rows. Infinite where no return is below 0 and the mean is above it; NaN
// without returns or where all are 0.
double SortinoRatio(std::span<const double> returns);

}  // namespace hone
