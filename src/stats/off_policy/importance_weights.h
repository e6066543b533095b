// Whether a log can say anything about a policy: the weights of its rows (Kong 1992; Owen, "Monte Carlo theory, methods
// and examples", 2013, chapter 9.3; Lefortier et al., "Large-scale validation of counterfactual learning methods",
// 2016).
//
//   effective rows = (sum w)^2 / sum w^2
//
// The mean of the weights is 1 where both probabilities are right and the log has chosen, now and then, whatever the
// policy would choose; an interval without 1 says that one of these is not so.
#pragma once

#include <span>

#include "stats/off_policy/logged_choice.h"
#include "stats/off_policy/off_policy_estimate.h"

namespace hone {

struct ImportanceWeights {
  double effective_rows = 0;  // 0 where all weights are
  double largest = 0;
  OffPolicyEstimate mean;
};

// Of the weights of at most `largest` (the others taken as 0): those that Switch-DR uses. `level` in (0, 1).
ImportanceWeights WeightsOf(std::span<const LoggedChoice> log, double level, double largest);

}  // namespace hone
