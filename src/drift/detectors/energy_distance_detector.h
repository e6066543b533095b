// The squared difference of the two distribution functions, integrated over the values.
#pragma once

#include <span>

#include "drift/drift_policy.h"
#include "stats/energy_distance.h"

namespace hone {

class EnergyDistanceDetector {
 public:
  static constexpr const char* kName = "energy_distance";
  static constexpr int kDegree = 1;
  EnergyDistanceDetector(std::span<const double>, const DriftPolicy&) {}
  double Of(const PooledCounts& counts) const { return EnergyDistance(counts); }
};

}  // namespace hone
