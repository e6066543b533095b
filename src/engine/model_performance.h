// How the versions of a model do on live requests, from what the store holds. Nothing is kept in memory: the numbers
// are the same to the bit after a restart and whatever order outcomes arrived in, and predicting pays nothing for them.
//
// The newest `window` requests with a mature outcome are looked at. A version is measured on those it answered or, as
// another live version, scored; persistence (the naive answer to the same request) on all of them, and it is the
// baseline of every win rate. An outcome is mature when the model's horizon has passed, as for the loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/live_store.h"
#include "performance/metric.h"
#include "performance/performance_policy.h"
#include "performance/performance_tracker.h"
#include "records/version_record.h"

namespace hone {

struct PerformanceQuery {
  Time now = 0;
  std::int64_t window = 0;  // matured requests, [1, kLargestPerformanceWindow]; 0: the policy's
  // Only this version, on the newest `window` matured requests that it answered or scored. "": every version.
  std::string version = {};
  bool limited = false;  // also VersionPerformance::limited
};

struct VersionPerformance {
  std::optional<Stage> stage;        // none for persistence
  double reference_rmse = 0;         // on rows it had not seen, as registered with it; 0 where that is not known
  PerformanceReport report;          // `reference_rmse` is what its loss_ratio and status compare with
  std::vector<Metric> limited = {};  // performance/limited_metrics.h, over the report's rows
};

struct ModelPerformance {
  std::string model;
  Time as_of = 0;  // now, or the newest request's time where market time is ahead of the clock
  std::int64_t window = 0;
  // Requests: in the window; waiting for their outcome, of 5,000 not yet due at most; overdue among the waiting. A
  // prediction made at a bar is due once `horizon` bars have followed, others by the clock.
  std::int64_t matured = 0, pending = 0, overdue = 0;
  std::vector<VersionPerformance> versions;  // by number, persistence last
};

// Looks at the newest 10,000 requests that are due: a version that answered none of them, or a model few of whose
// outcomes are told, fills no window. kInvalidArgument for the window, kNotFound for the version, kCorrupt. On the
// thread that owns the store.
Result<ModelPerformance> ReadPerformance(LiveStore& store, const StoredDefinition& definition,
                                         const PerformancePolicy& policy, const PerformanceQuery& query);

// The active version's; nothing when none is active.
Result<std::optional<VersionPerformance>> ReadChampionPerformance(LiveStore& store, const StoredDefinition& definition,
                                                                  const PerformancePolicy& policy, Time now,
                                                                  bool limited = false);

}  // namespace hone
