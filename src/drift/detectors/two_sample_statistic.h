// A measure of how far two samples lie apart, prepared for one reference sample.
//
// A statistic is a class in a file of its own with
//   static constexpr const char* kName    the detector's name
//   static constexpr int kDegree          1 for a distance, 2 for a squared one (what grows with the square of a small
//                                         difference): its 2 / kDegree-th power is what is judged
//   X(std::span<const double> sorted_reference, const DriftPolicy& policy)
//   double Of(const PooledCounts& counts) const        >= 0, and 0 for equal samples; const and pure
// and its line in detectors/catalogue.cc, which makes a dependence-aware detector of it (bootstrapped_sample.h).
#pragma once

#include "stats/pooled_counts.h"

namespace hone {

class TwoSampleStatistic {
 public:
  virtual ~TwoSampleStatistic() = default;
  virtual int degree() const = 0;
  virtual double Of(const PooledCounts& counts) const = 0;
};

}  // namespace hone
