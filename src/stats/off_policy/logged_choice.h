// One row of a log of choices made at random: what a policy that was not in charge would have earned is estimated from
// such rows by the files beside this one.
#pragma once

#include <span>
#include <vector>

namespace hone {

// All numbers finite.
struct LoggedChoice {
  double propensity = 1;  // probability with which what was chosen was chosen, (0, 1]
  double target = 1;      // probability with which the policy in question would have chosen it, [0, 1]
  double reward = 0;      // what it earned; higher is better
  // What a model of rewards, fitted on other rows, expects: of what was chosen, and of the policy in question, its
  // answers averaged over that policy's choices.
  double model = 0, model_target = 0;

  double weight() const { return target / propensity; }  // importance weight, of mean 1 if both probabilities are right
};

// Each estimator gives a number a row: their mean is the estimate, and how they vary is how sure it is
// (off_policy_estimate.h).
template <typename Term>
std::vector<double> TermsOf(std::span<const LoggedChoice> log, Term term) {
  std::vector<double> terms;
  terms.reserve(log.size());
  for (const LoggedChoice& row : log) terms.push_back(term(row));
  return terms;
}

}  // namespace hone
