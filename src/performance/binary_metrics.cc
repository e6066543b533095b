#include "performance/binary_metrics.h"

#include <algorithm>
#include <cmath>

#include "performance/metric_intervals.h"
#include "performance/row_values.h"
#include "stats/binary_losses.h"
#include "stats/brier_decomposition.h"
#include "stats/calibration_error.h"
#include "stats/effective_sample_size.h"
#include "stats/roc_area.h"

namespace hone {
namespace {

// Probabilities and outcomes of all rows, and of the rows of a resample.
class Forecasts {
 public:
  explicit Forecasts(std::span<const ScoredRow> rows)
      : probabilities_(OfEachRow(rows, [](const ScoredRow& row) { return row.prediction; })),
        outcomes_(OfEachRow(rows, [](const ScoredRow& row) { return row.outcome; })),
        excess_(OfEachRow(rows, [](const ScoredRow& row) { return row.prediction - row.outcome; })) {}

  const std::vector<double>& probabilities() const { return probabilities_; }
  const std::vector<double>& outcomes() const { return outcomes_; }
  const std::vector<double>& excess() const { return excess_; }

  // statistic(probabilities, outcomes) of the rows at given indices.
  template <typename Statistic>
  IndexedStatistic Of(Statistic statistic) const {
    return [this, statistic](std::span<const std::size_t> rows) {
      std::vector<double> probabilities(rows.size()), outcomes(rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        probabilities[i] = probabilities_[rows[i]];
        outcomes[i] = outcomes_[rows[i]];
      }
      return statistic(std::span<const double>(probabilities), std::span<const double>(outcomes));
    };
  }

 private:
  std::vector<double> probabilities_, outcomes_, excess_;
};

using Values = std::span<const double>;

void AddBrierParts(const Forecasts& forecasts, const MetricIntervals& intervals, int bins,
                   std::vector<Metric>& metrics) {
  const auto part = [&](const char* name, double BrierDecomposition::*member) {
    metrics.push_back(intervals.CentredStatistic(
        name, forecasts.excess(),
        forecasts.Of([bins, member](Values p, Values y) { return DecomposeBrier(p, y, bins).*member; })));
  };
  part("reliability", &BrierDecomposition::reliability);
  part("resolution", &BrierDecomposition::resolution);
  part("uncertainty", &BrierDecomposition::uncertainty);
}

double Root(double square) { return std::sqrt(std::max(square, 0.0)); }

void AddCalibrationError(const Forecasts& forecasts, const MetricIntervals& intervals, int bins,
                         std::vector<Metric>& metrics) {
  Metric metric = intervals.CentredStatistic(
      "calibration_error", forecasts.excess(),
      forecasts.Of([bins](Values p, Values y) { return DebiasedSquaredCalibrationError(p, y, bins); }));
  metric.value = Root(metric.value);
  metric.interval = {Root(metric.interval.low), Root(metric.interval.high)};
  metrics.push_back(std::move(metric));
}

void AddRocArea(const Forecasts& forecasts, double level, std::vector<Metric>& metrics) {
  const RocArea roc = AreaUnderRoc(forecasts.probabilities(), forecasts.outcomes());
  if (std::isnan(roc.area)) return;
  const double tau = IntegratedAutocorrelationTime(roc.influence).tau, rows = static_cast<double>(roc.influence.size());
  metrics.push_back({"auc", roc.area, RocAreaInterval(roc, tau, level), "delong",
                     static_cast<std::int64_t>(roc.influence.size()), rows / tau});
}

}  // namespace

std::vector<Metric> BinaryMetrics(std::span<const ScoredRow> rows, const MetricTerms& terms) {
  if (rows.empty()) return {};
  const MetricIntervals intervals(terms);
  const Forecasts forecasts(rows);
  std::vector<Metric> metrics;
  metrics.push_back(intervals.Share(
      "accuracy", OfEachRow(rows, [](const ScoredRow& row) { return Hit(row.prediction, row.outcome); })));
  metrics.push_back(intervals.Mean(
      "log_loss", OfEachRow(rows, [](const ScoredRow& row) { return LogLoss(row.prediction, row.outcome); })));
  metrics.push_back(intervals.Mean(
      "brier", OfEachRow(rows, [](const ScoredRow& row) { return BrierLoss(row.prediction, row.outcome); })));
  AddBrierParts(forecasts, intervals, terms.bins, metrics);
  AddRocArea(forecasts, terms.level, metrics);
  AddCalibrationError(forecasts, intervals, terms.bins, metrics);
  metrics.push_back(intervals.Mean("bias", forecasts.excess()));
  const std::vector<ScoredRow> compared = Compared(rows);
  if (compared.empty()) return metrics;
  metrics.push_back(intervals.Share("win_rate", OfEachRow(compared, [](const ScoredRow& row) {
                                      return Below(LogLoss(row.prediction, row.outcome),
                                                   LogLoss(row.baseline, row.outcome));
                                    })));
  return metrics;
}

}  // namespace hone
