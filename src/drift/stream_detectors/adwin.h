// ADWIN, adaptive windowing (Bifet and Gavalda, "Learning from time-changing data with adaptive windowing", SDM 2007).
//
// A window of the newest values as an exponential histogram: level i holds at most `max_buckets` buckets of 2^i values.
// Every `clock` values each border between two buckets, which splits the window into n0 old and n1 new values, is
// tried:
//
//   |mean_0 - mean_1| > sqrt(2 m var d) + 2/3 m d,   m = 1/(n0 - l + 1) + 1/(n1 - l + 1),   d = log(2 log(n) / delta)
//
// with l = `min_window_length`, n and var of the whole window. While some border does, the oldest bucket is dropped,
// and that is a drift. Well controlled on independent values and not on dependent ones.
//
// Memory O(max_buckets log n); a value costs O(1) amortised, a test O(max_buckets log n).
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct AdwinConfig {
  double delta = 0.002;                // (0, 1): significance
  std::int64_t clock = 32;             // [1, 1e9]: values between tests
  std::int64_t max_buckets = 5;        // [2, 1000]: of one size
  std::int64_t min_window_length = 5;  // [1, 1e9]: of either side
  std::int64_t grace_period = 10;      // [0, 1e9]: a window of no more is not tested
  bool keep_window = true;  // after a drift go on with what is left of the window, as in the paper; false: start empty
};

std::unique_ptr<StreamDetector> MakeAdwin(const AdwinConfig& config);

}  // namespace hone
