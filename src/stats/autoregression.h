// A linear autoregression of order p, x_t - mean = sum a_i (x_{t-i} - mean) + e_t, fitted by the Yule-Walker equations
// (Levinson 1947, Durbin 1960), whose solution is always stationary.
#pragma once

#include <span>
#include <vector>

namespace hone {

struct Autoregression {
  double mean = 0;
  std::vector<double> coefficients;  // a_1 ... a_p; all 0 for a series without variance

  // e_t of values[p] ... values[n - 1], written to `residuals` (resized to max(n - p, 0)).
  void Residuals(std::span<const double> values, std::vector<double>& residuals) const;
};

// `values` finite, in time order; `order` >= 0, cut to n - 1. O(n order).
Autoregression FitAutoregression(std::span<const double> values, int order);

}  // namespace hone
