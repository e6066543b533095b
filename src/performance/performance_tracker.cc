#include "performance/performance_tracker.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/random.h"
#include "stats/block_bootstrap.h"
#include "stats/effective_sample_size.h"
#include "stats/losses.h"
#include "stats/wilson_interval.h"

namespace hone {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Where `id` is or belongs; rows mostly arrive in order, so the end is looked at first.
template <typename Row>
auto Place(std::vector<Row>& rows, const Id& id) {
  if (rows.empty() || rows.back().id < id) return rows.end();
  return std::lower_bound(rows.begin(), rows.end(), id, [](const Row& row, const Id& key) { return row.id < key; });
}

// Inserts unless the id is there already. Returns whether it was inserted.
template <typename Row>
bool Insert(std::vector<Row>& rows, const Row& row) {
  const auto place = Place(rows, row.id);
  if (place != rows.end() && place->id == row.id) return false;
  rows.insert(place, row);
  return true;
}

std::vector<double> SquaredErrors(std::span<const MaturedPrediction> rows) {
  std::vector<double> squares(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) squares[i] = SquaredError(rows[i].prediction, rows[i].outcome);
  return squares;
}

void AddErrors(PerformanceReport& report, std::span<const MaturedPrediction> rows, std::span<const double> squares) {
  double squared = 0, absolute = 0, signed_sum = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double error = rows[i].prediction - rows[i].outcome;
    squared += squares[i];
    absolute += std::abs(error);
    signed_sum += error;
  }
  const double count = static_cast<double>(rows.size());
  report.mean_loss = squared / count;
  report.rmse = std::sqrt(report.mean_loss);
  report.mae = absolute / count;
  report.bias = signed_sum / count;
}

void AddWins(PerformanceReport& report, std::span<const MaturedPrediction> rows, double tau, double level) {
  double wins = 0;
  for (const MaturedPrediction& row : rows) {
    if (!std::isfinite(row.baseline)) continue;
    ++report.compared;
    const double mine = std::abs(row.prediction - row.outcome), other = std::abs(row.baseline - row.outcome);
    wins += mine < other ? 1 : mine == other ? 0.5 : 0;
  }
  const double compared = static_cast<double>(report.compared);
  report.win_rate = report.compared > 0 ? wins / compared : kNone;
  report.win_rate_interval = WilsonInterval(wins / tau, compared / tau, level);
}

}  // namespace

const char* PerformanceStatusName(PerformanceStatus status) {
  switch (status) {
    case PerformanceStatus::kOk: return "ok";
    case PerformanceStatus::kDegraded: return "degraded";
    case PerformanceStatus::kNoData: return "no_data";
  }
  return "no_data";
}

PerformanceTracker::PerformanceTracker(std::string version, int horizon_rows, double reference_rmse,
                                       const PerformancePolicy& policy, std::uint64_t seed)
    : version_(std::move(version)),
      horizon_rows_(std::max(horizon_rows, 1)),
      reference_rmse_(reference_rmse),
      policy_(policy),
      seed_(seed) {}

void PerformanceTracker::Predicted(const Id& id, Time due) {
  const auto matured = Place(rows_, id);
  if (matured != rows_.end() && matured->id == id) return;
  Insert(pending_, Pending{id, due});
}

bool PerformanceTracker::Matured(const MaturedPrediction& row) {
  if (!std::isfinite(row.prediction) || !std::isfinite(row.outcome)) return false;
  if (!Insert(rows_, row)) return false;
  const auto awaited = Place(pending_, row.id);
  if (awaited != pending_.end() && awaited->id == row.id) pending_.erase(awaited);
  return true;
}

PerformanceReport PerformanceTracker::Report(Time now, std::int64_t rows) const {
  PerformanceReport report;
  report.version = version_;
  report.matured = static_cast<std::int64_t>(rows_.size());
  report.pending = static_cast<std::int64_t>(pending_.size());
  report.overdue =
      std::count_if(pending_.begin(), pending_.end(), [&](const Pending& waiting) { return waiting.due <= now; });
  report.rmse = report.mae = report.mean_loss = report.bias = report.win_rate = report.loss_ratio = kNone;
  const auto count = static_cast<std::size_t>(std::clamp<std::int64_t>(rows, 0, report.matured));
  if (count == 0) return report;
  const std::span<const MaturedPrediction> window(rows_.data() + rows_.size() - count, count);
  const std::vector<double> squares = SquaredErrors(window);
  const AutocorrelationTime dependence = IntegratedAutocorrelationTime(squares);
  report.rows = static_cast<std::int64_t>(count);
  report.first = window.front().time;
  report.last = window.back().time;
  report.effective_rows = static_cast<double>(count) / dependence.tau;
  AddErrors(report, window, squares);
  AddWins(report, window, dependence.tau, policy_.level);
  Random random = Random::Stream(seed_, "performance");
  const int block = std::max(2 * horizon_rows_, static_cast<int>(std::ceil(2 * dependence.tau)));
  report.mean_loss_interval = BlockBootstrapMean(squares, block, policy_.resamples, policy_.level, random);
  report.rmse_interval = {std::sqrt(report.mean_loss_interval.low), std::sqrt(report.mean_loss_interval.high)};
  if (reference_rmse_ > 0) report.loss_ratio = report.rmse / reference_rmse_;
  if (report.rows < policy_.minimum_rows) return report;
  const bool degraded = reference_rmse_ > 0 && report.rmse_interval.low > policy_.maximum_loss_ratio * reference_rmse_;
  report.status = degraded ? PerformanceStatus::kDegraded : PerformanceStatus::kOk;
  return report;
}

}  // namespace hone
