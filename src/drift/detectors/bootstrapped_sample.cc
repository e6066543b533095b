#include "drift/detectors/bootstrapped_sample.h"

#include <algorithm>
#include <cmath>

#include "stats/rank_dependence.h"

namespace hone {
namespace {

std::vector<double> Distinct(const std::vector<double>& sorted) {
  std::vector<double> values;
  std::unique_copy(sorted.begin(), sorted.end(), std::back_inserter(values));
  return values;
}

}  // namespace

BootstrappedSample::BootstrappedSample(std::span<const double> values, const DriftPolicy& policy, double level,
                                       const char* name, std::unique_ptr<TwoSampleStatistic> statistic)
    : reference_(values, policy, level),
      name_(name),
      statistic_(std::move(statistic)),
      resamples_(policy.resamples),
      block_(RankBlockLength(values)),
      distinct_(Distinct(reference_.sorted())),
      places_(PlacesIn(distinct_, values)) {}

DriftTest BootstrappedSample::Compare(std::vector<double>& current) const {
  DriftTest test = reference_.Compare(current);
  test.statistic = 0;
  if (places_.empty() || current.empty()) return test;
  test.statistic = statistic_->Of(PoolSorted(reference_.sorted(), current));
  if (test.status == DriftStatus::kOk) test.p_value = PValue(test.statistic, current.size());
  return test;
}

double BootstrappedSample::PValue(double observed, std::size_t current_rows) const {
  const double power = 2.0 / statistic_->degree();
  Random random = Random::Stream(0, name_);
  PooledCounts counts;
  counts.values = distinct_;
  counts.first.resize(distinct_.size());
  counts.second.resize(distinct_.size());
  counts.first_rows = static_cast<double>(places_.size());
  counts.second_rows = static_cast<double>(current_rows);
  std::vector<double> draws(static_cast<std::size_t>(resamples_));
  for (double& draw : draws) {
    ResampleCounts(places_, places_.size(), block_.stationary, random, counts.first);
    ResampleCounts(places_, current_rows, block_.stationary, random, counts.second);
    draw = block_.inflation * std::pow(statistic_->Of(counts), power);
  }
  return ExponentialTailPValue(std::pow(observed, power), draws);
}

}  // namespace hone
