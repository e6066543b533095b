// One bandit algorithm: what it has learned from rewards, and how probable it would make each arm. bandit.h draws the
// arm, mixes the exploration floor in and keeps the choices whose reward is still to come. A new algorithm is one file
// beside this one and a line in bandit_catalogue.cc; bandit_contract_test.cc then covers it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stats/bandits/state_text.h"

namespace hone {

// A choice whose reward has come.
struct RewardedChoice {
  std::int64_t age = 0;  // choices made since, 0 for the newest
  int arm = 0;
  double propensity = 1;  // probability with which the arm was drawn
  std::span<const double> context;
  double reward = 0;
};

// Deterministic, no draws of its own. What it knows does not depend on the order in which rewards came but for
// rounding, unless its header says so. Not thread-safe.
class ArmPolicy {
 public:
  virtual ~ArmPolicy() = default;

  // Rewards must lie within [0, 1], once scaled.
  virtual bool bounded_rewards() const { return true; }
  virtual bool uses_context() const { return false; }

  // Fills in one probability per arm, >= 0, sum 1 up to rounding.
  virtual void Weigh(std::span<const double> context, std::span<double> probabilities) const = 0;
  // A choice was made: time goes by.
  virtual void Pass() {}
  virtual void Learn(const RewardedChoice& choice) = 0;
  // Of all it has learned.
  virtual void Walk(StateText& state) = 0;
};

// Shares probability 1 between the arms whose index is the largest; an index may be +infinity.
inline void ShareBetweenBest(std::span<const double> indices, std::span<double> probabilities) {
  const double best = *std::max_element(indices.begin(), indices.end());
  const auto ties = std::count(indices.begin(), indices.end(), best);
  for (std::size_t arm = 0; arm < indices.size(); ++arm) {
    probabilities[arm] = indices[arm] == best ? 1 / static_cast<double>(ties) : 0;
  }
}

}  // namespace hone
