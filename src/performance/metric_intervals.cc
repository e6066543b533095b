#include "performance/metric_intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "base/random.h"
#include "stats/block_bootstrap.h"
#include "stats/effective_sample_size.h"
#include "stats/wilson_interval.h"

namespace hone {
namespace {

double MeanOf(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Metric MetricIntervals::Begin(std::string name, const char* method, std::span<const double> values) const {
  Metric metric;
  metric.name = std::move(name);
  metric.method = method;
  metric.rows = static_cast<std::int64_t>(values.size());
  metric.effective_rows = EffectiveSampleSize(values);
  return metric;
}

int MetricIntervals::BlockOf(const Metric& metric) const {
  if (metric.rows == 0) return 1;
  const double tau = static_cast<double>(metric.rows) / metric.effective_rows;
  return std::max(2 * terms_.horizon, static_cast<int>(std::ceil(2 * tau)));
}

Metric MetricIntervals::Mean(std::string name, std::span<const double> values) const {
  Metric metric = Begin(std::move(name), "block_bootstrap", values);
  Random random = Random::Stream(terms_.seed, metric.name);
  metric.value = MeanOf(values);
  metric.interval = BlockBootstrapMean(values, BlockOf(metric), terms_.resamples, terms_.level, random);
  return metric;
}

Metric MetricIntervals::RootMean(std::string name, std::span<const double> squares) const {
  Metric metric = Begin(std::move(name), "block_bootstrap", squares);
  Random random = Random::Stream(terms_.seed, metric.name);
  metric.value = std::sqrt(MeanOf(squares));
  metric.interval = BlockBootstrapRmse(squares, BlockOf(metric), terms_.resamples, terms_.level, random);
  return metric;
}

Metric MetricIntervals::Share(std::string name, std::span<const double> hits) const {
  Metric metric = Begin(std::move(name), "wilson", hits);
  metric.value = MeanOf(hits);
  metric.interval = hits.empty()
                        ? Interval{0, 1}
                        : WilsonInterval(metric.value * metric.effective_rows, metric.effective_rows, terms_.level);
  return metric;
}

BootstrapResult MetricIntervals::Resample(Metric& metric, const IndexedStatistic& statistic) const {
  std::vector<std::size_t> rows(static_cast<std::size_t>(metric.rows));
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  metric.value = statistic(rows);
  Random random = Random::Stream(terms_.seed, metric.name);
  return BootstrapInterval(rows.size(), BlockOf(metric), terms_.resamples, terms_.level, random, statistic);
}

Metric MetricIntervals::Statistic(std::string name, std::span<const double> dependence,
                                  const IndexedStatistic& statistic) const {
  Metric metric = Begin(std::move(name), "stationary_bootstrap", dependence);
  metric.interval = Resample(metric, statistic).interval;
  return metric;
}

Metric MetricIntervals::CentredStatistic(std::string name, std::span<const double> dependence,
                                         const IndexedStatistic& statistic) const {
  Metric metric = Begin(std::move(name), "stationary_bootstrap", dependence);
  const BootstrapResult drawn = Resample(metric, statistic);
  metric.interval = {metric.value + drawn.interval.low - drawn.mean, metric.value + drawn.interval.high - drawn.mean};
  return metric;
}

}  // namespace hone
