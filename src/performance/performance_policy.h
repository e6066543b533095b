// The `performance` section of the policy: windows, intervals and thresholds of running metrics.
#pragma once

#include <cstdint>

#include "base/yaml.h"

namespace hone {

// The most rows a metric covers: what is asked for is computed at once, beside serving.
inline constexpr std::int64_t kLargestPerformanceWindow = 5'000;

struct PerformancePolicy {
  std::int64_t window = 250;       // [1, kLargestPerformanceWindow]: matured predictions of the sliding window
  std::int64_t minimum_rows = 30;  // [1, 1000000]: below it the status is no_data
  double level = 0.95;             // (0.5, 1): of the intervals
  int resamples = 500;             // [50, 100000]: of the block bootstrap
  double maximum_loss_ratio =
      1.5;  // > 1: alert when the window's RMSE, interval included, exceeds this times the reference
};

// Reads the keys present in `map` (named as the fields above) into `policy`; errors are collected by the document.
void ReadPerformancePolicy(YamlMap map, PerformancePolicy& policy);

}  // namespace hone
