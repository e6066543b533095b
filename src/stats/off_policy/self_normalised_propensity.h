// Self-normalised inverse propensity scoring, SNIPS (Hesterberg 1995; Swaminathan and Joachims, "The self-normalized
// estimator for counterfactual learning", 2015): the weighted mean of the rewards.
//
//   value = sum w r / sum w,  term = value + w (r - value) / mean w
//
// Within the range of the rewards, indifferent to a constant added to them, and steadier than IPS, for a bias of order
// 1 / n. The terms are its linearisation (Owen 2013, equation 9.8): their mean is the value, their variance the delta
// method's.
#pragma once

#include "stats/off_policy/logged_choice.h"

namespace hone {

// The weights must not all be 0.
inline std::vector<double> SelfNormalisedTerms(std::span<const LoggedChoice> log) {
  double weights = 0, rewards = 0;
  for (const LoggedChoice& row : log) {
    weights += row.weight();
    rewards += row.weight() * row.reward;
  }
  const double value = rewards / weights, mean = weights / static_cast<double>(log.size());
  // As r + ..., so that equal weights, whatever they are, leave the rewards as they are to the bit.
  return TermsOf(
      log, [=](const LoggedChoice& row) { return row.reward + (row.weight() / mean - 1) * (row.reward - value); });
}

}  // namespace hone
