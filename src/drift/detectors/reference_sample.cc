#include "drift/detectors/reference_sample.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "drift/detectors/detectable_shift.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/population_stability.h"
#include "stats/quantile.h"
#include "stats/rank_dependence.h"
#include "stats/running_moments.h"
#include "stats/wasserstein.h"

namespace hone {
namespace {

constexpr double kLargestShift = 1e9;  // what a shift of a column of almost no spread is stated as

// sqrt(2 / pi) times the integral of sqrt(F (1 - F)): E|F_n - F| of a normal F_n at each point.
double ExpectedDistance(std::span<const double> sorted) {
  const double rows = static_cast<double>(sorted.size());
  double sum = 0;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const double below = static_cast<double>(i) / rows;
    sum += std::sqrt(below * (1 - below)) * (sorted[i] - sorted[i - 1]);
  }
  return std::sqrt(2 / std::numbers::pi) * sum;
}

}  // namespace

double SpreadOf(std::span<const double> sorted) {
  const double range = SortedQuantile(sorted, 0.75) - SortedQuantile(sorted, 0.25);
  if (range > 0) return range;
  RunningMoments moments;
  for (const double value : sorted) moments.Add(value);
  const double spread = moments.standard_deviation(), size = std::abs(moments.mean());
  if (spread > 0) return 1.349 * spread;
  return size > 0 ? size : 1;
}

ReferenceSample::ReferenceSample(std::span<const double> values, const DriftPolicy& policy, double level)
    : sorted_(values.begin(), values.end()),
      minimum_reference_(policy.minimum_effective_reference_rows),
      minimum_current_(policy.minimum_effective_current_rows),
      level_(level) {
  std::sort(sorted_.begin(), sorted_.end());
  tau_ = RankAutocorrelationTime(values);
  if (sorted_.empty()) return;
  scale_ = SpreadOf(sorted_);
  noise_ = ExpectedDistance(sorted_);
  edges_ = QuantileEdges(sorted_, policy.bins);
  shares_ = BinShares(sorted_, edges_);
}

DriftTest ReferenceSample::Compare(std::vector<double>& current) const {
  DriftTest test;
  const double n = static_cast<double>(sorted_.size()), m = static_cast<double>(current.size());
  test.tau = tau_;
  test.needed_reference_rows = NeededRows(n, minimum_reference_, tau_);
  test.needed_current_rows = NeededRows(m, minimum_current_, tau_);
  if (sorted_.empty() || current.empty()) return test;
  std::sort(current.begin(), current.end());
  const double effective_rows = n * m / ((n + m) * tau_);
  Describe(test, current, effective_rows);
  test.smallest_detectable_shift = DetectableShift(effective_rows, level_);
  if (test.needed_reference_rows > 0 || test.needed_current_rows > 0) return test;
  test.status = DriftStatus::kOk;
  test.p_value = KolmogorovSmirnovPValue(test.statistic, effective_rows);
  return test;
}

void ReferenceSample::Describe(DriftTest& test, std::span<const double> current, double effective_rows) const {
  test.statistic = KolmogorovSmirnovStatistic(sorted_, current);
  test.distance = test.statistic;
  const double distance = Wasserstein1(sorted_, current), noise = noise_ / std::sqrt(effective_rows);
  test.wasserstein = distance;
  if (distance > noise)
    test.shift = std::min(std::sqrt((distance - noise) * (distance + noise)) / scale_, kLargestShift);
  const double n = static_cast<double>(sorted_.size()), m = static_cast<double>(current.size());
  test.stability = CompareShares(shares_, BinShares(current, edges_), n / tau_, m / tau_).corrected;
}

}  // namespace hone
