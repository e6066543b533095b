#include "stats/stationary_bootstrap.h"

#include <limits>

namespace hone {
namespace {

constexpr double kLargestInflation = 2;

double Product(std::span<const double> x, std::span<const double> y) {
  double sum = 0;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) sum += x[i] * y[i];
  return sum;
}

struct LagCovariances {
  std::vector<double> values;   // R(0) ... R(most)
  std::size_t significant_lag;  // beyond it, a run of autocorrelations is insignificant; most where none is found
};

LagCovariances Estimate(std::span<const double> centred) {
  const double rows = static_cast<double>(centred.size());
  const auto run = static_cast<std::size_t>(std::max(5.0, std::floor(std::log10(rows))));
  const std::size_t most = std::min(static_cast<std::size_t>(std::ceil(std::sqrt(rows))) + run, centred.size() - 2);
  const double limit = 2 * std::sqrt(std::log10(rows) / rows);
  LagCovariances result{std::vector<double>(most + 1), most};
  std::size_t quiet = 0;  // insignificant ones in a row
  bool found = false;
  for (std::size_t lag = 0; lag <= most; ++lag) {
    if (lag >= run && quiet >= run && !found) {
      found = true;
      result.significant_lag = 2 * std::max<std::size_t>(lag - run, 1);
    }
    const double product = Product(centred.subspan(lag), centred);
    const auto late = centred.subspan(lag + 1), early = centred.first(centred.size() - lag - 1);
    result.values[lag] = product / rows;
    const double correlation = std::abs(product) / std::sqrt(Product(late, late) * Product(early, early));
    quiet = correlation < limit ? quiet + 1 : 0;
    if (found && lag >= result.significant_lag) break;
  }
  result.significant_lag = std::min(result.significant_lag, most);
  return result;
}

}  // namespace

BlockLength OptimalBlockLength(std::span<const double> values) {
  BlockLength result;
  if (values.size() < 8) return result;
  const double rows = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= rows;
  std::vector<double> centred(values.begin(), values.end());
  for (double& value : centred) value -= mean;
  const LagCovariances covariances = Estimate(centred);
  const double last = static_cast<double>(covariances.significant_lag);
  double slope = 0, long_run = covariances.values[0];
  for (std::size_t k = 1; k <= covariances.significant_lag; ++k) {
    const double lag = static_cast<double>(k), weight = lag / last <= 0.5 ? 1 : 2 * (1 - lag / last);
    slope += 2 * weight * lag * covariances.values[k];
    long_run += 2 * weight * covariances.values[k];
  }
  const double longest = std::ceil(std::min(3 * std::sqrt(rows), rows / 3));
  const double length = std::cbrt(slope * slope / (long_run * long_run)) * std::cbrt(rows);
  if (!(covariances.values[0] > 0) || std::isnan(length)) return result;
  result.stationary = std::min(length, longest);
  const double lost = slope / (std::max(result.stationary, 1.0) * long_run);
  result.inflation = 1 / (1 - std::clamp(lost, 0.0, 1 - 1 / kLargestInflation));
  return result;
}

BlockLength LongerBlock(const BlockLength& a, const BlockLength& b) {
  return {std::max(a.stationary, b.stationary), std::max(a.inflation, b.inflation)};
}

double ExponentialTailPValue(double observed, std::vector<double>& draws) {
  std::sort(draws.begin(), draws.end());
  const std::size_t begin = draws.size() - draws.size() / 10;
  const double threshold = draws[begin - 1], count = static_cast<double>(draws.size());
  if (!(observed > threshold)) {
    const auto reached = draws.end() - std::lower_bound(draws.begin(), draws.end(), observed);
    return (1 + static_cast<double>(reached)) / (1 + count);
  }
  double excess = 0;
  for (std::size_t i = begin; i < draws.size(); ++i) excess += draws[i] - threshold;
  const double beyond = static_cast<double>(draws.size() - begin);
  if (!(excess > 0)) return std::numeric_limits<double>::min();
  return std::max(beyond / count * std::exp(-(observed - threshold) * beyond / excess),
                  std::numeric_limits<double>::min());
}

}  // namespace hone
