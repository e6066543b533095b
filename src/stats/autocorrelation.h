// Sample autocorrelations of a series.
#pragma once

#include <span>
#include <vector>

namespace hone {

// rho_1 ... rho_lags: sum (x_t - mean)(x_{t-k} - mean) / sum (x_t - mean)^2. All 0 where the series does not vary;
// `lags` is cut to n - 1. O(n lags).
std::vector<double> Autocorrelations(std::span<const double> values, int lags);

}  // namespace hone
