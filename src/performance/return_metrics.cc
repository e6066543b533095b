#include "performance/return_metrics.h"

#include <cmath>

#include "performance/metric_intervals.h"
#include "performance/row_values.h"
#include "stats/effective_sample_size.h"
#include "stats/maximum_drawdown.h"
#include "stats/profit_factor.h"
#include "stats/sharpe_ratio.h"
#include "stats/sortino_ratio.h"

namespace hone {
namespace {

double Earned(const ScoredRow& row) { return row.prediction * row.outcome; }

std::vector<ScoredRow> InTheMarket(std::span<const ScoredRow> rows) {
  std::vector<ScoredRow> held;
  for (const ScoredRow& row : rows) {
    if (row.prediction != 0) held.push_back(row);
  }
  return held;
}

std::vector<double> PositionChanges(std::span<const ScoredRow> rows) {
  std::vector<double> changes;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    changes.push_back(std::abs(rows[i].prediction - rows[i - 1].prediction));
  }
  return changes;
}

// formula(returns of the rows at given indices).
template <typename Formula>
IndexedStatistic OfReturns(const std::vector<double>& returns, Formula formula) {
  return [&returns, formula](std::span<const std::size_t> rows) {
    std::vector<double> drawn;
    drawn.reserve(rows.size());
    for (const std::size_t row : rows) drawn.push_back(returns[row]);
    return formula(std::span<const double>(drawn));
  };
}

Metric AnnualSharpe(const std::vector<double>& returns, const MetricTerms& terms) {
  const SharpeRatio sharpe = ComputeSharpeRatio(returns, terms.rows_a_year, terms.level);
  return {"sharpe",
          sharpe.annualised,
          sharpe.interval,
          "lo",
          static_cast<std::int64_t>(returns.size()),
          EffectiveSampleSize(returns)};
}

// -1, 0 or 1 to 0, 1/2 or 1, so that it is a share, and back.
Metric DirectionalBias(std::span<const ScoredRow> held, const MetricIntervals& intervals) {
  Metric metric = intervals.Share("directional_bias",
                                  OfEachRow(held, [](const ScoredRow& row) { return row.prediction > 0 ? 1.0 : 0.0; }));
  metric.value = 2 * metric.value - 1;
  metric.interval = {2 * metric.interval.low - 1, 2 * metric.interval.high - 1};
  return metric;
}

}  // namespace

std::vector<Metric> ReturnMetrics(std::span<const ScoredRow> rows, const MetricTerms& terms) {
  if (rows.empty()) return {};
  const MetricIntervals intervals(terms);
  const std::vector<double> returns = OfEachRow(rows, Earned);
  const std::vector<ScoredRow> held = InTheMarket(rows), compared = Compared(rows);
  std::vector<Metric> metrics;
  if (!held.empty()) {
    metrics.push_back(
        intervals.Share("win_rate", OfEachRow(held, [](const ScoredRow& row) { return Earned(row) > 0 ? 1.0 : 0.0; })));
    metrics.push_back(intervals.Statistic("profit_factor", returns, OfReturns(returns, ProfitFactor)));
  }
  metrics.push_back(intervals.Mean("mean_return", returns));
  metrics.push_back(AnnualSharpe(returns, terms));
  metrics.push_back(intervals.Statistic("sortino", returns, OfReturns(returns, [&](std::span<const double> drawn) {
                                          return std::sqrt(terms.rows_a_year) * SortinoRatio(drawn);
                                        })));
  metrics.push_back(intervals.Statistic("max_drawdown", returns, OfReturns(returns, MaximumDrawdown)));
  if (rows.size() > 1) metrics.push_back(intervals.Mean("turnover", PositionChanges(rows)));
  if (!held.empty()) metrics.push_back(DirectionalBias(held, intervals));
  if (!compared.empty()) {
    metrics.push_back(intervals.Mean("gain", OfEachRow(compared, [](const ScoredRow& row) {
                                       return (row.prediction - row.baseline) * row.outcome;
                                     })));
  }
  return metrics;
}

}  // namespace hone
