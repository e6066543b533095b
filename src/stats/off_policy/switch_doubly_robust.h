// Switch-DR (Wang, Agarwal and Dudik, "Optimal and adaptive off-policy evaluation in contextual bandits", 2017): doubly
// robust where the weight is at most `largest`, the model's word alone where it is larger.
//
//   term = model_target + w (r - model) [w <= largest]
//
// A bound on the variance, for the model's bias on the rows whose weights are larger.
#pragma once

#include "stats/off_policy/logged_choice.h"

namespace hone {

// `largest` >= 0.
inline std::vector<double> SwitchDoublyRobustTerms(std::span<const LoggedChoice> log, double largest) {
  return TermsOf(log, [largest](const LoggedChoice& row) {
    const double error = row.reward - row.model;
    return row.model_target + (row.weight() <= largest ? row.weight() * error : 0);
  });
}

}  // namespace hone
