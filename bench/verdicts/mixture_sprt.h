// The mixture sequential probability ratio test of A/B platforms: Johari, Koomen, Pekelis and Walsh, "Always valid
// inference: continuous monitoring of A/B tests" (Operations Research 2022, arXiv 1512.04922), section 4, with a normal
// mixture of mean 0 and variance tau^2 over the gain. On paired differences of variance V, n of them with mean d:
//
//   L = sqrt(V / (V + n tau^2)) exp( n^2 tau^2 d^2 / (2 V (V + n tau^2)) )
//
// V is the sample's. Each side has level alpha: L >= 1 / (2 alpha) decides by the sign of d.
#pragma once

#include <cmath>

#include "stats/running_moments.h"
#include "trial.h"

namespace hone::verdicts {

inline double LogMixtureRatio(double n, double mean, double variance, double tau_squared) {
  const double widened = variance + n * tau_squared;
  return 0.5 * std::log(variance / widened) + n * n * tau_squared * mean * mean / (2 * variance * widened);
}

class MixtureSprt {
 public:
  // `expected_gain`: tau in standard deviations of the differences.
  MixtureSprt(double alpha, double expected_gain, Looks looks)
      : threshold_(-std::log(2 * alpha)), tau_ratio_(expected_gain * expected_gain), looks_(looks) {}
  Call Add(double champion, double challenger) {
    differences_.Add(champion - challenger);
    if (!looks_.Due(differences_.count())) return Call::kGoOn;
    const double mean = differences_.mean(), variance = differences_.variance();
    const double n = static_cast<double>(differences_.count());
    if (LogMixtureRatio(n, mean, variance, tau_ratio_ * variance) < threshold_) return Call::kGoOn;
    return mean > 0 ? Call::kPromote : Call::kRefuse;
  }

 private:
  double threshold_, tau_ratio_;
  Looks looks_;
  RunningMoments differences_;
};

}  // namespace hone::verdicts
