// A feature: a number computed bar by bar. The same object serves training (BuildDataset) and live prediction, so the
// bits are equal.
#pragma once

#include <memory>

#include "market/bar.h"

namespace hone {

// What the source of bars has; some definitions depend on it.
struct SeriesTraits {
  bool has_range = true;   // false: close-only; squared close returns stand in for Parkinson's range variance
  bool has_volume = true;  // false: volume_ratio is missing (NaN)
};

inline SeriesTraits TraitsOf(const BarSeries& series) { return {series.has_range, series.has_volume}; }

// Not thread-safe; one object a stream. O(1) per bar.
class Feature {
 public:
  virtual ~Feature() = default;
  // Takes the next bar and returns the value known at its close; NaN for the first warmup() - 1 bars, and later only
  // where the definition has no value (a missing feature).
  virtual double Update(const Bar& bar) = 0;
  // Number of bars needed for the first value, >= 1.
  virtual int warmup() const = 0;
};

using FeaturePointer = std::unique_ptr<Feature>;

}  // namespace hone
