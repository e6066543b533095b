// The population stability index over bins of equal shares of the reference; an empty bin counts as half a row.
#pragma once

#include <span>

#include "drift/detectors/reference_bins.h"
#include "drift/drift_policy.h"
#include "stats/population_stability.h"

namespace hone {

class PopulationStabilityDetector {
 public:
  static constexpr const char* kName = "population_stability";
  static constexpr int kDegree = 2;
  PopulationStabilityDetector(std::span<const double> sorted_reference, const DriftPolicy& policy)
      : bins_(sorted_reference, policy.bins) {}

  double Of(const PooledCounts& counts) const {
    const PooledShares shares = bins_.Shares(counts);
    return CompareShares(shares.first, shares.second, counts.first_rows, counts.second_rows).index;
  }

 private:
  ReferenceBins bins_;
};

}  // namespace hone
