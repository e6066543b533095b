// The same weighted for the tails.
#pragma once

#include <span>

#include "drift/drift_policy.h"
#include "stats/anderson_darling.h"

namespace hone {

class AndersonDarlingDetector {
 public:
  static constexpr const char* kName = "anderson_darling";
  static constexpr int kDegree = 2;
  AndersonDarlingDetector(std::span<const double>, const DriftPolicy&) {}
  double Of(const PooledCounts& counts) const { return AndersonDarlingStatistic(counts); }
};

}  // namespace hone
