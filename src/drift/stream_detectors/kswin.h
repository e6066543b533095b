// KSWIN, Kolmogorov-Smirnov windowing (Raab, Heusinger and Schleif, "Reactive soft prototype computing for concept
// drift streams", Neurocomputing 416, 2020).
//
// Of the newest `window` values the newest `recent` are compared, at each value, with as many drawn at random without
// replacement from the older ones: a drift when the exact two-sample Kolmogorov-Smirnov p-value is at most `alpha` and
// D > 0.1. The newest `recent` values then begin the next window. A test at every value: alpha is no false alarm rate.
//
// Memory: `window` values. O(recent log recent) per value.
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct KswinConfig {
  double alpha = 0.005;       // (0, 1)
  std::int64_t window = 100;  // [2 recent, 1e6]
  std::int64_t recent = 30;   // [2, 1000]
  std::uint64_t seed = 0;     // of what is drawn
};

std::unique_ptr<StreamDetector> MakeKswin(const KswinConfig& config);

}  // namespace hone
