// Epsilon-greedy (Sutton and Barto, "Reinforcement learning", 2018, section 2.2) and epsilon_n-greedy, whose epsilon
// falls (Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002, figure 3).
//
//   q_a = e / K + (1 - e) [a has the largest mean reward]
//   e   = epsilon, or min(1, decay K / n) where decay > 0; n: rewards so far, plus 1
//
// Arms without a reward count as the largest; equal arms share. With a constant epsilon regret grows linearly, by
// epsilon times the mean gap a choice; with decay above 5 / (smallest gap)^2 logarithmically (their theorem 3). Rewards
// of any size.
#pragma once

#include <limits>

#include "stats/bandits/arm_tally.h"

namespace hone {

struct EpsilonGreedyConfig {
  double epsilon = 0.1;  // [0, 1]
  double decay = 0;      // [0, 1e9]; 0: epsilon stays
};

class EpsilonGreedy : public ArmPolicy {
 public:
  EpsilonGreedy(int arms, const EpsilonGreedyConfig& config) : config_(config), tally_(arms) {}
  bool bounded_rewards() const override { return false; }

  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    std::vector<double> means(tally_.arms(), std::numeric_limits<double>::infinity());
    for (std::size_t arm = 0; arm < means.size(); ++arm) {
      if (tally_.count(arm) > 0) means[arm] = tally_.mean(arm);
    }
    ShareBetweenBest(means, probabilities);
    const auto arms = static_cast<double>(means.size());
    const double epsilon =
        config_.decay > 0 ? std::min(1.0, config_.decay * arms / (tally_.total() + 1)) : config_.epsilon;
    for (double& probability : probabilities) probability = epsilon / arms + (1 - epsilon) * probability;
  }
  void Learn(const RewardedChoice& choice) override { tally_.Add(choice); }
  void Walk(StateText& state) override { tally_.Walk(state); }

 private:
  EpsilonGreedyConfig config_;
  ArmTally tally_;
};

}  // namespace hone
