// GrowthBook's sequential testing (docs.growthbook.io/statistics/sequential; gbstats 0.8.0, frequentist/tests.py,
// SequentialTwoSidedTTest): equation 9 of Waudby-Smith et al., arXiv 2103.06476v7, with equation 161 for rho,
//
//   estimate +- sqrt(V N) sqrt( 2 (N rho^2 + 1) log(sqrt(N rho^2 + 1) / alpha) / (N rho)^2 )
//   rho^2 = (-2 log alpha + log(1 - 2 log alpha)) / tuning
//
// V being the variance of the estimate from N rows, tuning 5,000 unless set. Here of the mean of N paired differences,
// so that V N is their variance and the interval is AsymptoticConfidenceSequence. Decided where 0 is outside of the
// interval at 1 - 2 alpha: alpha on each side.
#pragma once

#include "stats/asymptotic_confidence_sequence.h"
#include "trial.h"

namespace hone::verdicts {

class GrowthBookSequential {
 public:
  static constexpr double kDefaultTuning = 5000;

  GrowthBookSequential(double alpha, double tuning, Looks looks) : sequence_(2 * alpha, tuning), looks_(looks) {}
  Call Add(double champion, double challenger) {
    sequence_.Add(champion - challenger);
    if (!looks_.Due(sequence_.moments().count())) return Call::kGoOn;
    const Interval interval = sequence_.interval();
    if (interval.Contains(0)) return Call::kGoOn;
    return interval.low > 0 ? Call::kPromote : Call::kRefuse;
  }

 private:
  AsymptoticConfidenceSequence sequence_;
  Looks looks_;
};

}  // namespace hone::verdicts
