#include "performance/limited_metrics.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "performance/metric_intervals.h"
#include "performance/return_metrics.h"

namespace hone {
namespace {

constexpr double kDaysAYear = 365.25;

int RowsAYear(std::span<const ScoredRow> rows) {
  const double days = static_cast<double>(rows.back().time - rows.front().time) / static_cast<double>(kDay);
  const double rate = static_cast<double>(rows.size() - 1) * kDaysAYear / days;
  return static_cast<int>(std::clamp(std::round(rate), 1.0, 1e6));
}

Metric SignAccuracy(std::span<const ScoredRow> rows, const MetricTerms& terms) {
  std::vector<double> hits;
  for (const ScoredRow& row : rows) {
    if (row.outcome != 0) hits.push_back(row.prediction * row.outcome > 0 ? 1 : 0);
  }
  return MetricIntervals(terms).Share("accuracy", hits);
}

Metric ClassAccuracy(std::span<const ScoredRow> rows, const MetricTerms& terms) {
  std::vector<double> hits;
  for (const ScoredRow& row : rows) hits.push_back((row.prediction > 0.5) == (row.outcome > 0.5) ? 1 : 0);
  return MetricIntervals(terms).Share("accuracy", hits);
}

// What ReturnMetrics takes: the position, the simple return.
std::vector<ScoredRow> Bets(std::span<const ScoredRow> rows, int horizon) {
  std::vector<ScoredRow> bets;
  for (const ScoredRow& row : rows) {
    const double position = row.prediction > 0 ? 1 : row.prediction < 0 ? -1 : 0;
    bets.push_back({row.time, position / horizon, std::expm1(row.outcome)});
  }
  return bets;
}

}  // namespace

std::vector<Metric> LimitedMetrics(std::string_view target, std::span<const ScoredRow> rows, bool one_a_bar,
                                   MetricTerms terms) {
  if (rows.size() < 2 || rows.front().time == rows.back().time) return {};
  if (target == "direction") return {ClassAccuracy(rows, terms)};
  if (target != "return") return {};
  terms.rows_a_year = RowsAYear(rows);
  std::vector<Metric> metrics = {SignAccuracy(rows, terms)};
  if (!one_a_bar) return metrics;
  for (Metric& metric : ReturnMetrics(Bets(rows, terms.horizon), terms)) {
    if (metric.name == "sharpe" || metric.name == "max_drawdown") metrics.push_back(std::move(metric));
  }
  return metrics;
}

}  // namespace hone
