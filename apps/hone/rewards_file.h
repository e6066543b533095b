// A log over which a bandit is replayed. Either full: `time` and a column for each arm, what it would have earned. Or
// of choices made at random: `time`, `action` (or `version`), `propensity`, `reward`; a file with a column `propensity`
// is read so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "stats/bandits/bandit_replay.h"

namespace hone {

struct RewardsFile {
  std::vector<std::string> arms;  // in the order given; else of the header, or by name where the log is of choices
  std::vector<Time> times;
  std::vector<int> lines;        // of the file, by row
  std::vector<double> contexts;  // rows x context columns, behind a constant 1 in each row
  std::vector<double> rewards;   // full: rows x arms
  std::vector<LoggedArm> log;    // of choices: whose reward is known
  bool full = true;
  std::int64_t pending = 0;  // of choices: rows without a reward yet
};

// `arms`: columns, or names of choices; empty: all columns that are neither time nor context, all that were chosen.
// `context`: columns of numbers. Errors name line and column: a cell that is no number, a reward beyond 1e100, a
// context beyond 1e6, a propensity outside [1e-12, 1], a choice not among the arms or without a name, a context column
// that is an arm, fewer than two arms or more than 1,000, no rows.
Result<RewardsFile> ReadRewardsFile(const std::string& path, const std::vector<std::string>& arms,
                                    const std::vector<std::string>& context);

}  // namespace hone
