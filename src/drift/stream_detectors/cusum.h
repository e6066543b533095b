// The two-sided tabular CUSUM chart (Page, "Continuous inspection schemes", Biometrika 41, 1954; in standard units as
// in Montgomery, "Introduction to statistical quality control", chapter 9).
//
//   z_t = (x_t - mean) / deviation,   up_t = max(0, up_{t-1} + z_t - k),   down_t = max(0, down_{t-1} - z_t - k)
//
// and a drift when either exceeds h. Mean and standard deviation are given, or those of the first `reference` values.
// For independent normal values it alarms every 465 values when nothing changes (known mean, k = 0.5, h = 5) and 10.4
// values after a shift of one standard deviation.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct CusumConfig {
  double k = 0.5;                // [0, 100]: half the shift looked for, in standard deviations
  double h = 5;                  // (0, 1e9]
  std::int64_t reference = 100;  // [2, 1e9]: values that mean and deviation are taken from
  double mean = std::numeric_limits<double>::quiet_NaN();       // known beforehand: both, or neither
  double deviation = std::numeric_limits<double>::quiet_NaN();  // > 0
};

std::unique_ptr<StreamDetector> MakeCusum(const CusumConfig& config);

}  // namespace hone
