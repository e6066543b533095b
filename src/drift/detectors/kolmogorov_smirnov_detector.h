// The largest difference of the two distribution functions, judged by resampling (the default judges it by its limit).
#pragma once

#include <span>

#include "drift/drift_policy.h"
#include "stats/kolmogorov_smirnov.h"

namespace hone {

class KolmogorovSmirnovDetector {
 public:
  static constexpr const char* kName = "kolmogorov_smirnov";
  static constexpr int kDegree = 1;
  KolmogorovSmirnovDetector(std::span<const double>, const DriftPolicy&) {}
  double Of(const PooledCounts& counts) const { return KolmogorovSmirnovStatistic(counts); }
};

}  // namespace hone
