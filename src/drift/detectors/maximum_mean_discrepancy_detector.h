// The squared maximum mean discrepancy with a Gaussian kernel whose bandwidth is the median distance of the reference's
// rows. Its cost is bounded: the reference is cut into 64 cells of equal shares, and each row counts as the mean of the
// reference in its cell, so that a discrepancy costs 64^2 whatever the rows; beyond the reference's range, as its ends.
#pragma once

#include <span>
#include <vector>

#include "drift/detectors/reference_bins.h"
#include "drift/drift_policy.h"

namespace hone {

class MaximumMeanDiscrepancyDetector {
 public:
  static constexpr const char* kName = "maximum_mean_discrepancy";
  static constexpr int kDegree = 2;
  MaximumMeanDiscrepancyDetector(std::span<const double> sorted_reference, const DriftPolicy& policy);
  double Of(const PooledCounts& counts) const;

 private:
  ReferenceBins cells_;
  std::vector<double> kernel_;  // of the cells' points
};

}  // namespace hone
