// How many independent rows a dependent series is worth: n / tau.
//
// tau = 1 + 2 sum_{k=1}^{M} rho_k, the integrated autocorrelation time, M the smallest with M >= 5 tau (Sokal 1989,
// window factor 5), inflated by 1 + (2M + 1) / n against its own downward bias. At least 1.
#pragma once

#include <span>

namespace hone {

struct AutocorrelationTime {
  double tau = 1;
  int window = 0;         // M
  bool converged = true;  // false: the window reached n / 2 first; tau is then a lower bound
};

// `values` finite, in time order. Fewer than 4 values or no variance: tau = 1. O(n M).
AutocorrelationTime IntegratedAutocorrelationTime(std::span<const double> values);

// values.size() / tau.
double EffectiveSampleSize(std::span<const double> values);

// sqrt(variance tau / n), of the mean of dependent values; 0 for fewer than two.
double StandardErrorOfMean(std::span<const double> values);

}  // namespace hone
