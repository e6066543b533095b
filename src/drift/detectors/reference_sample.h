// One sample of a reference column, prepared for comparisons: sorted values, autocorrelation time, bins and scale. Its
// own test is Kolmogorov-Smirnov at the effective sample size.
#pragma once

#include <span>
#include <vector>

#include "drift/detectors/sample_test.h"
#include "drift/drift_policy.h"

namespace hone {

// Interquartile range of ascending values, or what stands in for it in a column of few values; > 0. Of at least one.
double SpreadOf(std::span<const double> sorted);

// Immutable after construction.
class ReferenceSample final : public SampleTest {
 public:
  // `values` finite, in time order. `level`: see MakeDependentKolmogorovSmirnov.
  ReferenceSample(std::span<const double> values, const DriftPolicy& policy, double level);

  DriftTest Compare(std::vector<double>& current) const override;
  const std::vector<double>& sorted() const { return sorted_; }
  const std::vector<double>& edges() const { return edges_; }
  double tau() const { return tau_; }
  double scale() const { return scale_; }
  double noise() const { return noise_; }

 private:
  void Describe(DriftTest& test, std::span<const double> current, double effective_rows) const;

  std::vector<double> sorted_;
  double tau_ = 1;
  double scale_ = 1;  // interquartile range, or what stands in for it in a column of few values
  double noise_ = 0;  // expected Wasserstein distance times sqrt(effective rows) when nothing changed
  std::vector<double> edges_;
  std::vector<double> shares_;
  double minimum_reference_;
  double minimum_current_;
  double level_;
};

}  // namespace hone
