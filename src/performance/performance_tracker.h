// Running metrics of one version from its matured predictions.
//
// Rows are kept in prediction order (ids sort by time), whatever order their outcomes arrived in, and metrics are
// computed from them in that order: late, doubled or reordered outcomes change no metric by a bit once the same set is
// known.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "performance/performance_policy.h"
#include "stats/interval.h"

namespace hone {

// One matured prediction. `baseline` is what the simple alternative (persistence) would have answered, NaN for none.
struct MaturedPrediction {
  Id id;
  Time time = 0;
  double prediction = 0;
  double outcome = 0;
  double baseline = std::numeric_limits<double>::quiet_NaN();
};

enum class PerformanceStatus : std::uint8_t {
  kOk,        // enough rows, within the threshold
  kDegraded,  // the lower end of the RMSE interval is above the threshold times the reference
  kNoData,    // fewer rows than the policy's minimum
};
const char* PerformanceStatusName(PerformanceStatus status);  // "ok", "degraded", "no_data"

// Metrics of the newest matured rows. Metrics are NaN and intervals unbounded without rows.
struct PerformanceReport {
  std::string version;
  PerformanceStatus status = PerformanceStatus::kNoData;
  std::int64_t rows = 0;     // in this window
  std::int64_t matured = 0;  // in all
  std::int64_t pending = 0;  // predicted, outcome not yet due or not yet there
  std::int64_t overdue = 0;  // of these: the horizon has passed
  Time first = 0, last = 0;  // prediction times of the window's ends
  double rmse = 0;
  Interval rmse_interval;  // block bootstrap, blocks of twice the horizon at least
  double mae = 0;
  double mean_loss = 0;  // squared error
  Interval mean_loss_interval;
  double bias = 0;  // mean of prediction - outcome
  // Share of the rows with a baseline on which the prediction was nearer (a tie is half a win); Wilson interval at the
  // number of independent rows those are worth.
  double win_rate = 0;
  Interval win_rate_interval;
  std::int64_t compared = 0;  // rows with a baseline
  double effective_rows = 0;  // rows / tau of the squared errors
  double loss_ratio = 0;      // rmse / reference RMSE; NaN without a reference
};

// Remembers every row it is told: the caller bounds them. Not thread-safe; copyable.
class PerformanceTracker {
 public:
  // `horizon_rows` >= 1: rows until an outcome is known. `reference_rmse` <= 0: none. `seed` is the bootstrap's.
  PerformanceTracker(std::string version, int horizon_rows, double reference_rmse, const PerformancePolicy& policy,
                     std::uint64_t seed);

  // A prediction was made whose outcome is `due` at that time. Repeats of an id are ignored.
  void Predicted(const Id& id, Time due);
  // Its outcome matured (Predicted need not have been called). Returns false, and changes nothing, for an id that has
  // matured already or for numbers that are not finite.
  bool Matured(const MaturedPrediction& row);

  // Over the newest `policy.window` matured rows, or `rows` of them. The same rows give the same bits.
  PerformanceReport Report(Time now) const { return Report(now, policy_.window); }
  PerformanceReport Report(Time now, std::int64_t rows) const;

  // Matured rows in prediction order.
  const std::vector<MaturedPrediction>& rows() const { return rows_; }
  const std::string& version() const { return version_; }

 private:
  struct Pending {
    Id id;
    Time due = 0;
  };

  std::string version_;
  int horizon_rows_;
  double reference_rmse_;
  PerformancePolicy policy_;
  std::uint64_t seed_;
  std::vector<MaturedPrediction> rows_;  // sorted by id
  std::vector<Pending> pending_;         // sorted by id
};

}  // namespace hone
