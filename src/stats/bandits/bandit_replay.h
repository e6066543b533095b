// A bandit run over a log that was written without it.
//
// A full log tells what every arm would have earned: the bandit chooses at each row and sees the reward of its arm
// alone. A log of choices made at random tells one arm's reward a row: the replay method (Li, Chu, Langford and Wang,
// "Unbiased offline evaluation of contextual-bandit-based news article recommendation algorithms", 2011) keeps the rows
// where the bandit chooses what the log chose and passes over the others, which is unbiased where the log chose
// uniformly. Where it did not, it is thinned to one that did, as in rejection sampling (von Neumann 1951): a row stays
// with probability (least propensity of the log) / (its own).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "stats/bandits/bandit.h"

namespace hone {

struct ReplayedChoice {
  std::size_t row = 0;  // of the log
  BanditChoice choice;
  double reward = 0;
};

// `contexts`: rows x context_size, row-major. `rewards`: rows x arms. Each reward is told once `delay` >= 0 further
// choices were made. Errors: of Bandit::Reward.
Result<std::vector<ReplayedChoice>> ReplayFullLog(Bandit& bandit, std::span<const double> contexts,
                                                  std::span<const double> rewards, std::int64_t delay);

// One row of a log of choices.
struct LoggedArm {
  int arm = 0;
  double propensity = 1;  // (0, 1]
  double reward = 0;
};

// What stays of a log that is to have been chosen uniformly; indices in order.
std::vector<std::size_t> ThinToUniform(std::span<const LoggedArm> log, Random& random);

// Over the rows at `kept`. A choice that the log did not make leaves the bandit as it was; `delay` counts choices that
// it did make.
Result<std::vector<ReplayedChoice>> ReplayMatches(Bandit& bandit, std::span<const double> contexts,
                                                  std::span<const LoggedArm> log, std::span<const std::size_t> kept,
                                                  std::int64_t delay);

}  // namespace hone
