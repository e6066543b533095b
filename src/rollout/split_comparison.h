// An A/B test's losses judged: each arm answers other requests, so the champion's and a challenger's are weighed by the
// probability with which they were assigned.
//
// With p the challenger's share of the two, l the loss of the unit's answer and m the mean loss of the units before,
//
//   d = (1{champion} / (1 - p) - 1{challenger} / p) (l - m)
//
// has the mean "champion's mean loss less the challenger's" (inverse propensity weighting; m changes no mean and takes
// out most of the variance). On these differences the verdict is the recipe question of paired losses (PairedComparison
// in paired_trial.h), with horizon and minimum of rows divided by the smaller arm's share: a block holds units of both
// arms, and terms.minimum_rows is of the smaller one. Few units with large weights prove what is not so: at p = 0.1 and
// without that an equal challenger won in 10 % of tests at level 5 %. Equal arms: the table in
// docs/reference/experiments.md. Not thread-safe.
#pragma once

#include "rollout/paired_trial.h"
#include "stats/running_moments.h"

namespace hone {

class SplitComparison {
 public:
  // challenger_share: of the two, (0, 1). terms.question is taken as recipe.
  SplitComparison(const TrialTerms& terms, double challenger_share);

  // The next unit of the two whose outcome is known, in the order in which outcomes became known. After a decision,
  // changes nothing but the counts.
  void Add(bool challenger, double loss);

  TrialAnswer Answer() const { return comparison_.Answer(); }
  // Units and mean loss of an arm.
  const RunningMoments& losses(bool challenger) const { return losses_[challenger]; }

 private:
  PairedComparison comparison_;
  double challenger_share_;
  RunningMoments losses_[2], all_;
};

}  // namespace hone
