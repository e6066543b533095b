// What a scenario expects of its runs: conditions each run meets or not, and how many runs must meet all of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts.h"
#include "words.h"

namespace hone {

// True where the run meets it. `faultless`: the same run without the scenario's faults.
using Condition = std::function<bool(const Facts& run, const Facts& faultless)>;

enum class Share { kEvery, kAtLeast, kAtMost };

struct Expectation {
  std::string text;
  int line = 0;
  std::vector<Condition> conditions;  // joined by "and"
  Share share = Share::kEvery;
  double fraction = 1;
  bool needs_faultless = false;
  bool compares_policies = false;
};

// The words after "expect". `alpha`: the policy's rollout.alpha.
Result<Expectation> ParseExpectation(Words words, double alpha);

// Fewest runs that at_least asks of `runs`, most that at_most allows. At most P % of n runs allows for chance: the
// largest count that a true rate of P % exceeds less than once in a thousand.
int FewestRuns(double fraction, int runs);
int MostRuns(double fraction, int runs);

// "" when `met` of `runs` runs suffice, else what was wanted.
std::string Complaint(const Expectation& expectation, int met, int runs);

}  // namespace hone
