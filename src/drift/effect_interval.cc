#include "drift/effect_interval.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "drift/detectors/levels_and_innovations.h"
#include "drift/detectors/reference_sample.h"
#include "stats/autoregression.h"
#include "stats/pooled_counts.h"
#include "stats/population_stability.h"
#include "stats/quantile.h"
#include "stats/rank_dependence.h"
#include "stats/wasserstein.h"

namespace hone {
namespace {

std::vector<double> Sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

// The basic interval of x from draws of x*.
Interval Basic(double observed, std::vector<double>& draws, double level) {
  std::sort(draws.begin(), draws.end());
  const double low = 2 * observed - SortedQuantile(draws, 0.5 * (1 + level));
  const double high = 2 * observed - SortedQuantile(draws, 0.5 * (1 - level));
  return {std::max(low, 0.0), std::max(high, 0.0)};
}

class EffectBootstrap {
 public:
  EffectBootstrap(const std::vector<double>& reference, const std::vector<double>& current, const DriftPolicy& policy)
      : policy_(policy),
        sample_(reference, policy, policy.false_discovery_rate),
        counts_(PoolSorted(sample_.sorted(), Sorted(current))),
        reference_places_(PlacesIn(counts_.values, reference)),
        current_places_(PlacesIn(counts_.values, current)),
        length_(RankBlockLength(reference).stationary) {
    const double n = static_cast<double>(reference.size()), m = static_cast<double>(current.size());
    noise_ = sample_.noise() * sample_.noise() * sample_.tau() * (n + m) / (n * m);
  }

  EffectIntervals Run(Random& random) {
    const double shift = SquaredDistance() - noise_;
    const PopulationStability stability = Stability();
    const double mean = stability.index - stability.corrected;
    std::vector<double> shifts(static_cast<std::size_t>(policy_.resamples)), indices(shifts.size());
    for (std::size_t i = 0; i < shifts.size(); ++i) {
      ResampleCounts(reference_places_, reference_places_.size(), length_, random, counts_.first);
      ResampleCounts(current_places_, current_places_.size(), length_, random, counts_.second);
      shifts[i] = SquaredDistance() - 2 * noise_;
      indices[i] = Stability().index - 2 * mean;
    }
    const Interval squared = Basic(shift, shifts, policy_.level);
    return {{std::sqrt(squared.low) / sample_.scale(), std::sqrt(squared.high) / sample_.scale()},
            Basic(stability.corrected, indices, policy_.level)};
  }

 private:
  double SquaredDistance() const {
    const double distance = Wasserstein1(counts_);
    return distance * distance;
  }

  PopulationStability Stability() {
    BinPooled(counts_, sample_.edges(), shares_);
    return CompareShares(shares_.first, shares_.second, counts_.first_rows / sample_.tau(),
                         counts_.second_rows / sample_.tau());
  }

  const DriftPolicy& policy_;
  ReferenceSample sample_;
  PooledCounts counts_;
  std::vector<std::uint32_t> reference_places_, current_places_;
  double length_;
  double noise_ = 0;  // the mean of the squared distance when nothing changed
  PooledShares shares_;
};

EffectIntervals Estimate(const std::vector<double>& reference, const std::vector<double>& current,
                         const DriftPolicy& policy, Random& random) {
  if (reference.size() < 2 || current.size() < 2) return {};
  return EffectBootstrap(reference, current, policy).Run(random);
}

}  // namespace

EffectIntervals EstimateEffects(std::span<const double> reference, std::span<const double> current,
                                const DriftPolicy& policy, Random& random) {
  return Estimate(FiniteValues(reference), FiniteValues(current), policy, random);
}

EffectIntervals EstimateInnovationEffects(std::span<const double> reference, std::span<const double> current,
                                          const DriftPolicy& policy, Random& random) {
  const std::vector<double> before = FiniteValues(reference);
  const Autoregression fit = FitAutoregression(before, policy.autoregression_order);
  std::vector<double> first, second;
  fit.Residuals(before, first);
  fit.Residuals(FiniteValues(current), second);
  return Estimate(first, second, policy, random);
}

}  // namespace hone
