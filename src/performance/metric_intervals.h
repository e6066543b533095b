// Builds metrics from values of each row, with intervals that allow for the rows' dependence: blocks of twice the
// horizon or twice the values' autocorrelation time, whichever is longer.
#pragma once

#include <span>
#include <string>

#include "performance/metric.h"
#include "stats/bootstrap_interval.h"

namespace hone {

class MetricIntervals {
 public:
  explicit MetricIntervals(const MetricTerms& terms) : terms_(terms) {}

  // The mean of `values` (block bootstrap).
  Metric Mean(std::string name, std::span<const double> values) const;
  // The root of the mean of `squares`.
  Metric RootMean(std::string name, std::span<const double> squares) const;
  // The mean of `hits`, each within [0, 1] (Wilson at the effective number of rows).
  Metric Share(std::string name, std::span<const double> hits) const;
  // Any statistic of rows (stationary bootstrap). `dependence`: values by row whose autocorrelation the blocks cover.
  Metric Statistic(std::string name, std::span<const double> dependence, const IndexedStatistic& statistic) const;
  // The same, for an estimate that resampling biases: the percentiles are taken around the resamples' own mean.
  Metric CentredStatistic(std::string name, std::span<const double> dependence,
                          const IndexedStatistic& statistic) const;

 private:
  Metric Begin(std::string name, const char* method, std::span<const double> values) const;
  int BlockOf(const Metric& metric) const;
  BootstrapResult Resample(Metric& metric, const IndexedStatistic& statistic) const;

  MetricTerms terms_;
};

}  // namespace hone
