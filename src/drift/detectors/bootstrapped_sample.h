// Any two-sample statistic as a test for dependent rows.
//
// Under "nothing changed" both windows are stretches of the reference's own process. So pairs of n and m rows are drawn
// from the reference by the stationary bootstrap (stats/stationary_bootstrap.h; block length the longer one of ranks
// and folded ranks), and the observed T is held against their T*:
//   p of T^(2/degree) among inflation T*^(2/degree),  exponential beyond the 90 % quantile,
// inflation being the share of the variance that a resample loses where its runs end. The answer is no_data below the
// policy's effective rows, and what describes the effect is that of reference_sample.h.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "drift/detectors/reference_sample.h"
#include "drift/detectors/two_sample_statistic.h"
#include "stats/stationary_bootstrap.h"

namespace hone {

// O(resamples (n + m)) a comparison; draws from a stream that only `name` seeds, so that answers repeat.
class BootstrappedSample final : public SampleTest {
 public:
  // `values` finite, in time order; `name` outlives this. `level`: see MakeDependentKolmogorovSmirnov.
  BootstrappedSample(std::span<const double> values, const DriftPolicy& policy, double level, const char* name,
                     std::unique_ptr<TwoSampleStatistic> statistic);

  DriftTest Compare(std::vector<double>& current) const override;

 private:
  double PValue(double observed, std::size_t current_rows) const;

  ReferenceSample reference_;
  const char* name_;
  std::unique_ptr<TwoSampleStatistic> statistic_;
  int resamples_;
  BlockLength block_;
  std::vector<double> distinct_;       // values of the reference, ascending
  std::vector<std::uint32_t> places_;  // of its rows among them, in time order
};

}  // namespace hone
