// What was won for each unit lost: the sum of the returns above 0 over the sum of those below, without sign.
#pragma once

#include <cmath>
#include <span>

namespace hone {

// Infinite where nothing was lost, NaN where nothing was won either.
inline double ProfitFactor(std::span<const double> returns) {
  double won = 0, lost = 0;
  for (const double value : returns) (value > 0 ? won : lost) += std::abs(value);
  return won / lost;
}

}  // namespace hone
