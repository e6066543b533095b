// The `performance` section of the policy: windows, intervals and thresholds of running metrics.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/yaml.h"

namespace hone {

// The most rows a metric covers: what is asked for is computed at once, beside serving.
inline constexpr std::int64_t kLargestPerformanceWindow = 5'000;

// What a metric should reach, and where it is told of. Where lower is better (warning < critical) each limit is the
// most it may be, else the least.
struct MetricLimits {
  double target = 0, warning = 0, critical = 0;
  bool lower_is_better() const { return warning < critical; }
};

// Prediction intervals told with answers (adaptive conformal).
struct IntervalPolicy {
  std::vector<std::string> models;  // whose answers carry one, of those that hone trains; at most 1,000
  double coverage = 0.9;            // [0.5, 0.999]: the share of outcomes they are to hold
  std::int64_t window = 250;        // [1 / (1 - coverage) - 1, 5000]: newest errors they are made from
};

struct PerformancePolicy {
  std::int64_t window = 250;       // [1, kLargestPerformanceWindow]: matured predictions of the sliding window
  std::int64_t minimum_rows = 30;  // [1, 1000000]: below it the status is no_data
  double level = 0.95;             // (0.5, 1): of the intervals
  int resamples = 500;             // [50, 100000]: of the block bootstrap
  double maximum_loss_ratio =
      1.5;  // > 1: alert when the window's RMSE, interval included, exceeds this times the reference
  // Of `hone performance compute` and of alerts; targets, warnings and criticals in this order of merit.
  MetricLimits win_rate{0.55, 0.50, 0.45};      // shares, [0, 1]
  MetricLimits accuracy{0.60, 0.60, 0.55};      // shares, [0, 1]
  MetricLimits sharpe{1.5, 1.0, 0.5};           // of a year, [-100, 100]
  MetricLimits max_drawdown{0.10, 0.10, 0.15};  // fractions of the high before, [0, 1]
  IntervalPolicy intervals;
};

// Reads the keys present in `map` (named as the fields above) into `policy`; errors are collected by the document.
void ReadPerformancePolicy(YamlMap map, PerformancePolicy& policy);

}  // namespace hone
