// The Jensen-Shannon distance over bins of equal shares of the reference.
#pragma once

#include <span>

#include "drift/detectors/reference_bins.h"
#include "drift/drift_policy.h"
#include "stats/jensen_shannon.h"

namespace hone {

class JensenShannonDetector {
 public:
  static constexpr const char* kName = "jensen_shannon";
  static constexpr int kDegree = 1;
  JensenShannonDetector(std::span<const double> sorted_reference, const DriftPolicy& policy)
      : bins_(sorted_reference, policy.bins) {}

  double Of(const PooledCounts& counts) const {
    const PooledShares shares = bins_.Shares(counts);
    return JensenShannonDistance(shares.first, shares.second);
  }

 private:
  ReferenceBins bins_;
};

}  // namespace hone
