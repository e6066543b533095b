// Losses of a probability forecast of an event: `outcome` is 1 where it happened, else 0. Lower is better.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {

// Minus the logarithm of the probability given to what happened, the probability kept within [2^-52, 1 - 2^-52].
inline double LogLoss(double probability, double outcome) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const double p = std::clamp(probability, kEpsilon, 1 - kEpsilon);
  return -(outcome > 0.5 ? std::log(p) : std::log1p(-p));
}

// Brier (1950), of one row.
inline double BrierLoss(double probability, double outcome) {
  return (probability - outcome) * (probability - outcome);
}

// 1 where the likelier class is what happened; a probability of one half counts as the event.
inline double Hit(double probability, double outcome) { return (probability >= 0.5) == (outcome > 0.5) ? 1 : 0; }

}  // namespace hone
