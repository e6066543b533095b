#include "stats/autocorrelation.h"

#include <algorithm>
#include <numeric>

namespace hone {

std::vector<double> Autocorrelations(std::span<const double> values, int lags) {
  const std::size_t rows = values.size();
  std::vector<double> result(std::min(static_cast<std::size_t>(std::max(lags, 0)), rows > 0 ? rows - 1 : 0));
  if (result.empty()) return result;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(rows);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  if (!(squares > 0)) return result;
  for (std::size_t k = 1; k <= result.size(); ++k) {
    double product = 0;
    for (std::size_t t = k; t < rows; ++t) product += (values[t] - mean) * (values[t - k] - mean);
    result[k - 1] = product / squares;
  }
  return result;
}

}  // namespace hone
