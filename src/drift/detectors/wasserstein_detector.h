// The mean distance that values must move, in the column's unit.
#pragma once

#include <span>

#include "drift/drift_policy.h"
#include "stats/wasserstein.h"

namespace hone {

class WassersteinDetector {
 public:
  static constexpr const char* kName = "wasserstein";
  static constexpr int kDegree = 1;
  WassersteinDetector(std::span<const double>, const DriftPolicy&) {}
  double Of(const PooledCounts& counts) const { return Wasserstein1(counts); }
};

}  // namespace hone
