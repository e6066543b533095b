#include "performance/estimated_metric.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/benjamini_hochberg.h"
#include "stats/effective_sample_size.h"
#include "stats/normal.h"

namespace hone {
namespace {

double Shown(const ExpectedLoss& loss, double mean) { return loss.root ? std::sqrt(std::max(mean, 0.0)) : mean; }

// Where the metric can lie.
double Possible(const ExpectedLoss& loss, double value) {
  if (loss.is_signed) return value;
  return loss.higher_is_better ? std::clamp(value, 0.0, 1.0) : std::max(value, 0.0);
}

double RatioOf(const ExpectedLoss& loss) {
  if (loss.is_signed) return std::numeric_limits<double>::quiet_NaN();
  const auto bad = [&](double mean) { return loss.higher_is_better ? 1 - mean : Shown(loss, mean); };
  return bad(loss.realised) / bad(loss.expected_there);
}

// Of the residuals' mean. One residual shows no spread of its own.
double ErrorOf(const ExpectedLoss& loss, double reference_error) {
  if (loss.residuals.size() > 1) return StandardErrorOfMean(loss.residuals);
  return reference_error * std::sqrt(static_cast<double>(loss.reference_residuals.size()));
}

// Two-sided. Where nothing varies there is only rounding.
double PValueOf(const ExpectedLoss& loss, double difference, double error) {
  if (error > 0) return 2 * NormalCdf(-std::abs(difference) / error);
  const double rounding = 1e-9 * std::max(std::abs(loss.realised), std::abs(loss.expected_there)) + 1e-12;
  return std::abs(difference) <= rounding ? 1 : 0;
}

PerformanceGap GapOf(const ExpectedLoss& loss, double reference_error, double z) {
  PerformanceGap gap;
  gap.rows = static_cast<std::int64_t>(loss.residuals.size());
  gap.effective_rows = EffectiveSampleSize(loss.residuals);
  gap.expected = Shown(loss, loss.expected_there);
  gap.realised = Shown(loss, loss.realised);
  gap.ratio = RatioOf(loss);
  const double difference = loss.realised - loss.expected_there;
  const double error = std::hypot(ErrorOf(loss, reference_error), reference_error);
  gap.p = PValueOf(loss, difference, error);
  // A difference of squares over their roots' sum is that of the roots.
  const double slope = loss.root && gap.expected + gap.realised > 0 ? 1 / (gap.expected + gap.realised) : 1;
  gap.interval = {slope * (difference - z * error), slope * (difference + z * error)};
  return gap;
}

}  // namespace

EstimatedMetric EstimateMetric(const ExpectedLoss& loss, double level) {
  const double z = NormalQuantile(0.5 * (1 + level)), reference_error = StandardErrorOfMean(loss.reference_residuals);
  const double reference_rows = static_cast<double>(loss.reference_residuals.size());
  EstimatedMetric metric;
  metric.name = loss.name;
  metric.rows = loss.rows;
  metric.effective_reference_rows = EffectiveSampleSize(loss.reference_residuals);
  metric.value = Shown(loss, loss.expected);
  const double half = z * reference_error * std::sqrt(1 + reference_rows / static_cast<double>(loss.rows));
  metric.interval = {Shown(loss, Possible(loss, loss.expected - half)),
                     Shown(loss, Possible(loss, loss.expected + half))};
  if (!loss.residuals.empty()) metric.gap = GapOf(loss, reference_error, z);
  return metric;
}

ConceptDrift JudgeGaps(std::span<const EstimatedMetric> metrics, const GapRule& rule) {
  ConceptDrift verdict;
  verdict.adjusted.assign(metrics.size(), 1);
  std::vector<std::size_t> judged;  // an area under the curve has no gap while all outcomes are alike
  std::vector<double> p;
  bool enough = true;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const EstimatedMetric& metric = metrics[i];
    if (!metric.gap) continue;
    judged.push_back(i);
    p.push_back(metric.gap->p);
    enough = enough && metric.effective_reference_rows >= rule.minimum_effective_reference_rows &&
             metric.gap->effective_rows >= rule.minimum_effective_rows;
  }
  verdict.enough = enough && !judged.empty();
  const std::vector<double> adjusted = BenjaminiHochberg(p);
  for (std::size_t j = 0; j < judged.size(); ++j) {
    verdict.adjusted[judged[j]] = adjusted[j];
    verdict.p = std::min(verdict.p, adjusted[j]);
    if (!verdict.enough || adjusted[j] > rule.false_discovery_rate) continue;
    verdict.drift = true;
    const double ratio = metrics[judged[j]].gap->ratio;
    if (ratio >= 0) verdict.ratio = std::max(verdict.ratio, std::max(ratio, 1 / ratio));
  }
  return verdict;
}

}  // namespace hone
