// Rules for promoting a version, side by side on the same simulated rollouts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "loss_stream.h"
#include "trial.h"

namespace hone::verdicts {

inline constexpr double kAlpha = 0.05;       // chance of promoting one that is no better, for rules that have a level
inline constexpr double kPlannedGain = 0.2;  // what rules that plan for a gain plan for
inline constexpr int kRows = 1500;           // outcomes until a rollout is given up

struct ComparedRule {
  std::string name;
  std::function<std::unique_ptr<Trial>(const Setting& setting)> begin;
};
// All of them, hone's first.
std::vector<ComparedRule> ComparedRules();

struct Tally {
  int runs = 0;
  // Rollouts that promoted anybody, and those that promoted the first challenger.
  double promoted = 0, first = 0;
  // Predictions made by when half of all rollouts had promoted the first challenger; nothing where fewer did.
  std::optional<long> median;
};
// The standard deviation of a share of so many runs.
double MonteCarloError(double share, int runs);

// `runs` rollouts of `rows` outcomes, the same ones for each rule; by rule. The same numbers whatever the executor.
std::vector<Tally> Compare(const Setting& setting, const std::vector<ComparedRule>& rules, int runs, std::uint64_t seed,
                           Executor& executor, int rows = kRows);

// What the tables are made of: equal versions, and one that is better.
std::vector<Setting> EqualSettings();
std::vector<Setting> BetterSettings();

}  // namespace hone::verdicts
