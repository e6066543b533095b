#include "performance/regression_metrics.h"

#include <algorithm>
#include <cmath>

#include "performance/metric_intervals.h"
#include "performance/row_values.h"
#include "stats/losses.h"

namespace hone {
namespace {

double Excess(const ScoredRow& row) { return row.prediction - row.outcome; }

bool AllPositive(std::span<const ScoredRow> rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [](const ScoredRow& row) { return row.prediction > 0 && row.outcome > 0; });
}

bool OutcomesOfBothSigns(std::span<const ScoredRow> rows) {
  const auto is = [&](int sign) {
    return std::any_of(rows.begin(), rows.end(), [sign](const ScoredRow& row) { return row.outcome * sign > 0; });
  };
  return is(1) && is(-1);
}

double RootMeanSquare(std::span<const double> squares, std::span<const std::size_t> rows) {
  double sum = 0;
  for (const std::size_t row : rows) sum += squares[row];
  return std::sqrt(sum / static_cast<double>(rows.size()));
}

void AddComparison(std::span<const ScoredRow> compared, const MetricIntervals& intervals,
                   std::vector<Metric>& metrics) {
  if (compared.empty()) return;
  metrics.push_back(intervals.Share("win_rate", OfEachRow(compared, [](const ScoredRow& row) {
                                      return Below(std::abs(Excess(row)), std::abs(row.baseline - row.outcome));
                                    })));
  const auto own = OfEachRow(compared, [](const ScoredRow& row) { return SquaredError(row.prediction, row.outcome); });
  const auto other = OfEachRow(compared, [](const ScoredRow& row) { return SquaredError(row.baseline, row.outcome); });
  const auto difference = OfEachRow(compared, [](const ScoredRow& row) {
    return SquaredError(row.baseline, row.outcome) - SquaredError(row.prediction, row.outcome);
  });
  metrics.push_back(intervals.Statistic("rmse_gain", difference, [&](std::span<const std::size_t> rows) {
    return RootMeanSquare(other, rows) - RootMeanSquare(own, rows);
  }));
}

}  // namespace

std::vector<Metric> RegressionMetrics(std::span<const ScoredRow> rows, const MetricTerms& terms) {
  if (rows.empty()) return {};
  const MetricIntervals intervals(terms);
  std::vector<Metric> metrics;
  metrics.push_back(intervals.Mean("mae", OfEachRow(rows, [](const ScoredRow& row) { return std::abs(Excess(row)); })));
  metrics.push_back(intervals.RootMean(
      "rmse", OfEachRow(rows, [](const ScoredRow& row) { return SquaredError(row.prediction, row.outcome); })));
  metrics.push_back(intervals.Mean("bias", OfEachRow(rows, Excess)));
  metrics.push_back(intervals.Share(
      "above", OfEachRow(rows, [](const ScoredRow& row) { return Below(row.outcome, row.prediction); })));
  if (OutcomesOfBothSigns(rows)) {
    metrics.push_back(intervals.Share("accuracy", OfEachRow(rows, [](const ScoredRow& row) {
                                        return (row.prediction > 0) == (row.outcome > 0) ? 1.0 : 0.0;
                                      })));
  }
  if (AllPositive(rows)) {
    metrics.push_back(intervals.Mean(
        "qlike", OfEachRow(rows, [](const ScoredRow& row) { return Qlike(row.prediction, row.outcome); })));
  }
  AddComparison(Compared(rows), intervals, metrics);
  return metrics;
}

}  // namespace hone
