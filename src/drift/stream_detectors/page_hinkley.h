// The Page-Hinkley test (Page, "Continuous inspection schemes", Biometrika 41, 1954; Hinkley 1971).
//
//   up_t   = alpha up_{t-1}   + (x_t - mean_t) - delta,   drift when up_t - min up > threshold
//   down_t = alpha down_{t-1} + (x_t - mean_t) + delta,   drift when max down - down_t > threshold
//
// with the mean of all values so far, x_t included. `delta` and `threshold` are in the values' own unit; the defaults
// are those in common use and suit values of size 1.
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct PageHinkleyConfig {
  std::int64_t min_instances = 30;  // [1, 1e9]: values before the first judgement
  double delta = 0.005;             // [0, 1e100]: change that is allowed
  double threshold = 50;            // (0, 1e100]
  double alpha = 0.9999;            // (0, 1]: forgetting
  bool up = true, down = true;      // which changes are looked for
};

std::unique_ptr<StreamDetector> MakePageHinkley(const PageHinkleyConfig& config);

}  // namespace hone
