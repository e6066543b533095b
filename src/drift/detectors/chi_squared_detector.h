// Pearson's chi-squared over bins of equal shares of the reference.
#pragma once

#include <span>

#include "drift/detectors/reference_bins.h"
#include "drift/drift_policy.h"
#include "stats/chi_squared.h"

namespace hone {

class ChiSquaredDetector {
 public:
  static constexpr const char* kName = "chi_squared";
  static constexpr int kDegree = 2;
  ChiSquaredDetector(std::span<const double> sorted_reference, const DriftPolicy& policy)
      : bins_(sorted_reference, policy.bins) {}

  double Of(const PooledCounts& counts) const {
    PooledShares shares = bins_.Shares(counts);
    for (double& share : shares.first) share *= counts.first_rows;
    for (double& share : shares.second) share *= counts.second_rows;
    return ChiSquaredOfCounts(shares.first, shares.second).statistic;
  }

 private:
  ReferenceBins bins_;
};

}  // namespace hone
