// The squared difference of the two distribution functions, summed over the rows.
#pragma once

#include <span>

#include "drift/drift_policy.h"
#include "stats/cramer_von_mises.h"

namespace hone {

class CramerVonMisesDetector {
 public:
  static constexpr const char* kName = "cramer_von_mises";
  static constexpr int kDegree = 2;
  CramerVonMisesDetector(std::span<const double>, const DriftPolicy&) {}
  double Of(const PooledCounts& counts) const { return CramerVonMisesDistance(counts); }
};

}  // namespace hone
