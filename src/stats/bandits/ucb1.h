// UCB1 (Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed bandit problem", 2002, figure 1).
//
//   index_a = mean_a + sqrt(exploration log(n) / n_a),  n = sum of the n_a
//
// n_a: rewards of arm a, in [0, 1]; infinite without one. The arm of the largest index is certain, equal ones share.
// Expected regret at most sum over worse arms of 8 log(n) / gap + (1 + pi^2 / 3) gap, with exploration 2.
#pragma once

#include <limits>

#include "stats/bandits/arm_tally.h"

namespace hone {

struct Ucb1Config {
  double exploration = 2;  // [0, 100]
};

class Ucb1 : public ArmPolicy {
 public:
  Ucb1(int arms, const Ucb1Config& config) : config_(config), tally_(arms) {}

  // One index per arm.
  void Indices(std::span<double> indices) const {
    const double log_rounds = std::log(std::max(1.0, tally_.total()));
    std::fill(indices.begin(), indices.end(), std::numeric_limits<double>::infinity());
    for (std::size_t arm = 0; arm < indices.size(); ++arm) {
      const double count = tally_.count(arm);
      if (count > 0) indices[arm] = tally_.mean(arm) + std::sqrt(config_.exploration * log_rounds / count);
    }
  }
  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    std::vector<double> indices(probabilities.size());
    Indices(indices);
    ShareBetweenBest(indices, probabilities);
  }
  void Learn(const RewardedChoice& choice) override { tally_.Add(choice); }
  void Walk(StateText& state) override { tally_.Walk(state); }

 private:
  Ucb1Config config_;
  ArmTally tally_;
};

}  // namespace hone
