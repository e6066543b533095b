// Doubly robust, DR (Dudik, Langford and Li, "Doubly robust policy evaluation and learning", 2011): what a model of
// rewards expects of the policy, put right by the weighted errors it made on what was chosen.
//
//   term = model_target + w (r - model)
//
// Right if either the propensities or the model are, and steadier than IPS where the model explains the rewards. The
// model must not have seen the row.
#pragma once

#include "stats/off_policy/logged_choice.h"

namespace hone {

inline std::vector<double> DoublyRobustTerms(std::span<const LoggedChoice> log) {
  return TermsOf(log,
                 [](const LoggedChoice& row) { return row.model_target + row.weight() * (row.reward - row.model); });
}

}  // namespace hone
