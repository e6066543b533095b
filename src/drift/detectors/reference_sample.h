// One sample of a reference column, prepared for comparisons: sorted values, autocorrelation time, bins and scale.
#pragma once

#include <span>
#include <vector>

#include "drift/column_detector.h"
#include "drift/drift_policy.h"

namespace hone {

// Immutable after construction.
class ReferenceSample {
 public:
  // `values` finite, in time order. `level`: see MakeDependentKolmogorovSmirnov.
  ReferenceSample(std::span<const double> values, const DriftPolicy& policy, double level);

  // `current` finite; sorted in place.
  DriftTest Compare(std::vector<double>& current) const;

 private:
  void Describe(DriftTest& test, std::span<const double> current, double effective_rows) const;
  double DetectableShift(double effective_rows) const;

  std::vector<double> sorted_;
  double tau_ = 1;
  double scale_ = 1;  // interquartile range, or what stands in for it in a column of few values
  double noise_ = 0;  // expected Wasserstein distance times sqrt(effective rows) when nothing changed
  std::vector<double> edges_;
  std::vector<double> shares_;
  double minimum_reference_;
  double minimum_current_;
  double critical_;  // quantile of the Kolmogorov distribution at the stated level
};

}  // namespace hone
