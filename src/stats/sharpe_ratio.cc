#include "stats/sharpe_ratio.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/autocorrelation.h"
#include "stats/effective_sample_size.h"
#include "stats/normal.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

double StandardError(std::span<const double> returns, const RunningMoments& moments, double ratio) {
  const double deviation = moments.standard_deviation(), variance = moments.variance();
  std::vector<double> influence;
  RunningMoments spread;
  for (const double value : returns) {
    const double off = value - moments.mean();
    influence.push_back(off / deviation - ratio * (off * off - variance) / (2 * variance));
    spread.Add(influence.back());
  }
  const double tau = IntegratedAutocorrelationTime(influence).tau;
  return std::sqrt(tau * spread.variance() / static_cast<double>(returns.size()));
}

}  // namespace

double SharpeScale(int q, std::span<const double> autocorrelations) {
  double variance = q;
  const std::size_t lags = std::min(autocorrelations.size(), static_cast<std::size_t>(std::max(q - 1, 0)));
  for (std::size_t k = 0; k < lags; ++k) variance += 2 * (q - static_cast<double>(k + 1)) * autocorrelations[k];
  return q / std::sqrt(std::max(variance, 1.0));
}

SharpeRatio ComputeSharpeRatio(std::span<const double> returns, int rows_a_year, double level) {
  RunningMoments moments;
  for (const double value : returns) moments.Add(value);
  SharpeRatio sharpe;
  sharpe.per_row = sharpe.annualised = sharpe.standard_error = std::numeric_limits<double>::quiet_NaN();
  if (!(moments.variance() > 0)) return sharpe;
  const int window = IntegratedAutocorrelationTime(returns).window;
  sharpe.per_row = moments.mean() / moments.standard_deviation();
  sharpe.standard_error = StandardError(returns, moments, sharpe.per_row);
  sharpe.scale = SharpeScale(rows_a_year, Autocorrelations(returns, window));
  sharpe.annualised = sharpe.scale * sharpe.per_row;
  const double half = NormalQuantile(0.5 * (1 + level)) * sharpe.scale * sharpe.standard_error;
  sharpe.interval = {sharpe.annualised - half, sharpe.annualised + half};
  return sharpe;
}

}  // namespace hone
