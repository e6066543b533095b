// How many rows a verdict takes, told by running it: many seeded trials on loss differences like those to come.
//
// A formula would have to know how the searched block length and the looks meet the dependence of the losses; running
// the verdict needs no such knowledge and has only the simulation's own error, which is stated.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "rollout/paired_trial.h"

namespace hone {

// Loss differences without a gain, one row after the other: a new series for each source of randomness.
using DifferenceSource = std::function<std::function<double()>(Random&)>;

// Normal differences of standard deviation `deviation` > 0: an AR(1) of coefficient `autocorrelation` (-1, 1), summed
// over `horizon` rows as outcomes of overlapping horizons are.
DifferenceSource NormalDifferences(double deviation, double autocorrelation, int horizon);

// The differences of a log, their mean taken out, in runs of consecutive rows whose mean length is twice their
// autocorrelation time, at least twice the horizon (stationary bootstrap). Copies `differences` (not empty).
DifferenceSource ResampledDifferences(std::span<const double> differences, int horizon);

struct DurationQuestion {
  TrialTerms terms;      // a recipe's
  double gain = 0;       // of the challenger, in mean loss
  double power = 0.8;    // share of trials that must have advanced, (0, 1)
  int runs = 1000;       // >= 1
  int longest = 20'000;  // rows after which a trial is given up
  std::uint64_t seed = 0;
};

struct TrialDuration {
  // Rows by which `power` of the trials have advanced, with its 95 % simulation interval; nothing where they had not by
  // `longest`.
  std::optional<std::int64_t> rows, low, high;
  std::optional<std::int64_t> median;
  double advanced = 0, rolled_back = 0;  // shares of all trials by `longest`
};

TrialDuration PlanDuration(const DurationQuestion& question, const DifferenceSource& differences);

}  // namespace hone
