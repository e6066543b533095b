#pragma once

#include <cmath>

namespace hone {

// ln |Gamma(x)|. std::lgamma writes the sign of Gamma to a variable all threads share; this does not, so any number of
// threads may call it at once.
inline double LogGamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

}  // namespace hone
