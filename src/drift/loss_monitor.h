// Performance drift: is the realised loss above the reference loss, judged row by row and valid whenever one looks?
//
// The sequential evidence of stats/paired_evidence.h on loss - limit, where limit = (1 + margin) * b and b is the upper
// bound of the reference's mean loss at alpha / 2 (normal, its standard error from the same long-run variance of
// blocks). The other half of alpha is spent over starts: a fresh process starts every `loss_restart_rows`, so that a
// late break is not diluted by the good rows before it; start s gets alpha / (2 s (s + 1)), and the newest four and the
// first one run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drift/column_detector.h"
#include "drift/drift_policy.h"
#include "records/drift_event.h"
#include "stats/paired_evidence.h"

namespace hone {

struct LossDrift {
  DriftStatus status = DriftStatus::kNoData;
  bool drift = false;  // stays true once reached
  Severity severity = Severity::kNone;
  std::int64_t rows = 0;  // seen so far
  double reference_mean = 0;
  double limit = 0;            // what the mean loss is tested against
  double mean = 0;             // since the start that `log_e` is about
  double ratio = 1;            // mean / reference_mean; the severity's effect size
  double log_e = 0;            // largest of the running starts, each less log(s (s + 1)); 0 for a mean below the limit
  double needed_log_e = 0;     // drift when log_e reaches it
  std::int64_t since_row = 0;  // the row its start began at
  std::int64_t needed_reference_rows = 0;  // 0 where there are enough
};

// Copyable; not thread-safe. Memory is fixed, O(1) per row.
class LossMonitor {
 public:
  // `reference_losses`: of the version's validation rows, in time order, >= 24 horizons of them; `horizon` >= 1 in
  // rows.
  LossMonitor(std::span<const double> reference_losses, int horizon, const DriftPolicy& policy);

  // The next matured loss, in prediction order. A loss that is not finite is counted as missing and left out.
  void Add(double loss);
  const LossDrift& state() const { return state_; }
  std::int64_t missing() const { return missing_; }

  struct Start {
    std::int64_t number;
    std::int64_t since_row;
    PairedEvidenceProcess evidence;
  };
  // All but the horizon and the policy: small, so that a checkpoint can hold it.
  struct Checkpoint {
    std::int64_t missing = 0, starts = 0;
    std::vector<Start> running;
    LossDrift drift;
  };
  Checkpoint checkpoint() const { return {missing_, starts_, running_, state_}; }
  // As a monitor with the same horizon and policy gave it, whatever the reference of this one.
  void Restore(Checkpoint checkpoint);
  int horizon() const { return horizon_; }

 private:
  void Restart();
  void Judge(const Start& start);

  int horizon_;
  DriftPolicy policy_;
  std::int64_t missing_ = 0;
  std::int64_t starts_ = 0;
  std::vector<Start> running_;
  LossDrift state_;
};

}  // namespace hone
