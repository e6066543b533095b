// Inverse propensity scoring, IPS (Horvitz and Thompson 1952; Strehl, Langford, Li and Kakade, "Learning from logged
// implicit exploration data", 2010): rewards weighted by how much likelier the policy was to choose what earned them.
//
//   term = w r,  w = target / propensity
//
// Unbiased where the propensities are right; large weights make it vary.
#pragma once

#include "stats/off_policy/logged_choice.h"

namespace hone {

inline std::vector<double> InversePropensityTerms(std::span<const LoggedChoice> log) {
  return TermsOf(log, [](const LoggedChoice& row) { return row.weight() * row.reward; });
}

}  // namespace hone
