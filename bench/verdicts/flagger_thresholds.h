// Thresholds as progressive delivery has them: Flagger (docs.flagger.app/usage/how-it-works;
// pkg/controller/scheduler.go) checks in every interval whether a metric of the canary is within its thresholdRange. A
// check that passes moves the traffic on by stepWeight until maxWeight, and the next one promotes; one that fails halts
// it, and `threshold` of them, never counted anew, roll it back. With the values of its documentation, stepWeight 5,
// maxWeight 50 and threshold 10, ten checks must pass before ten fail.
//
// The metric is the canary's mean loss over an interval of rows; its range ends at a multiple of the champion's loss,
// as known before the rollout.
#pragma once

#include "trial.h"

namespace hone::verdicts {

struct FlaggerSettings {
  double most = 0;    // thresholdRange.max
  int interval = 20;  // rows between checks
  int passes = 10;    // maxWeight / stepWeight
  int failures = 10;  // threshold
};

class FlaggerThresholds {
 public:
  explicit FlaggerThresholds(const FlaggerSettings& settings) : settings_(settings) {}
  Call Add(double /*champion*/, double challenger) {
    sum_ += challenger;
    if (++rows_ < settings_.interval) return Call::kGoOn;
    const bool passed = sum_ / rows_ <= settings_.most;
    sum_ = 0;
    rows_ = 0;
    ++(passed ? passed_ : failed_);
    if (passed_ == settings_.passes) return Call::kPromote;
    return failed_ == settings_.failures ? Call::kRefuse : Call::kGoOn;
  }

 private:
  FlaggerSettings settings_;
  double sum_ = 0;
  int rows_ = 0, passed_ = 0, failed_ = 0;
};

}  // namespace hone::verdicts
