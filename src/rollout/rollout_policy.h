// The rollout section of the policy.
#pragma once

#include <vector>

#include "rollout/steps.h"

namespace hone {

struct RolloutPolicy {
  double alpha = 0.05;  // chance of ever promoting a recipe that is no better; half kept for the champion's own
                        // recipe in need (need.h), (0, 0.5]
  double practice_margin = 0.02;  // relative RMSE tolerated when a recipe's practice of refreshing is proven, [0, 0.1]
  double refresh_margin = 0.05;   // relative loss tolerated of one refresh against the anchor, [0, 0.1]
  int minimum_outcomes = 60;      // matured outcomes before any verdict, >= 12
  std::vector<double> steps = {0.10, 0.50, 1.0};  // canary shares, increasing, the last 1
  int step_predictions = 4;                       // scored requests a step lasts, >= 1 ...
  int step_minutes = 10;                          // ... and no less than so long, >= 0
  std::vector<double> gates = {};                 // shares of `steps` that a person lets a rollout take, increasing
  int deadline_days = 0;                          // a rollout that is not done by then is aborted; 0: none
  int watch_rows = 252;                           // outcomes a promoted version stays under the harm guard, >= 24
  int freeze_rows = 120;      // outcomes a candidate gets to beat a proven persistence before answers freeze to it
  int maximum_rollbacks = 3;  // automatic rollbacks in a row; then no rollout begins until a person looks, >= 1
  // While live traffic is split, by a canary or an A/B test (split_watch.h):
  double mismatch_alpha = 0.001;  // chance of ever taking a right split for a wrong one, (0, 0.5]
  double error_margin = 0.01;     // share of requests without an answer tolerated beyond the champion's, [0, 0.5]
  double latency_budget_ms = 10;  // a request that took longer is late, > 0
  double latency_margin = 0.05;   // share of late requests tolerated beyond the champion's, [0, 0.5]
};

inline StepLength LengthOf(const RolloutPolicy& policy) {
  return {policy.step_predictions, Duration{60} * kSecond * policy.step_minutes};
}

}  // namespace hone
