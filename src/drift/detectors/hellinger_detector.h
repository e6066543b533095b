// The Hellinger distance over bins of equal shares of the reference.
#pragma once

#include <span>

#include "drift/detectors/reference_bins.h"
#include "drift/drift_policy.h"
#include "stats/hellinger.h"

namespace hone {

class HellingerDetector {
 public:
  static constexpr const char* kName = "hellinger";
  static constexpr int kDegree = 1;
  HellingerDetector(std::span<const double> sorted_reference, const DriftPolicy& policy)
      : bins_(sorted_reference, policy.bins) {}

  double Of(const PooledCounts& counts) const {
    const PooledShares shares = bins_.Shares(counts);
    return HellingerDistance(shares.first, shares.second);
  }

 private:
  ReferenceBins bins_;
};

}  // namespace hone
