// Thompson sampling of wins (Thompson 1933; Chapelle and Li, "An empirical evaluation of Thompson sampling", 2011), and
// its discounted form for means that change (Raj and Kalyani, "Taming non-stationary bandits: a Bayesian approach",
// 2017).
//
//   mean of arm a ~ Beta(prior + S_a, prior + N_a - S_a)
//
// N_a, S_a: count and sum of its rewards in [0, 1], each weighted by discount^(choices made since); a reward between 0
// and 1 counts as that part of a win, as in Open Bandit Pipeline. An arm is chosen with the probability that its mean
// is the largest (best_arm_probability.h).
#pragma once

#include "stats/bandits/arm_tally.h"
#include "stats/bandits/best_arm_probability.h"

namespace hone {

struct ThompsonBetaConfig {
  double prior = 1;     // [0.1, 1e6]: wins, and losses, counted before the first
  double discount = 1;  // [0.5, 1]; discounted_thompson takes 0.995
};

class ThompsonBeta : public ArmPolicy {
 public:
  ThompsonBeta(int arms, const ThompsonBetaConfig& config) : config_(config), tally_(arms, config.discount) {}

  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    std::vector<BetaArm> arms(tally_.arms());
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      const double wins = std::max(0.0, tally_.sum(arm));
      arms[arm] = {config_.prior + wins, config_.prior + std::max(0.0, tally_.count(arm) - wins)};
    }
    BestArmProbability(arms, probabilities);
  }
  void Pass() override { tally_.Pass(); }
  void Learn(const RewardedChoice& choice) override { tally_.Add(choice); }
  void Walk(StateText& state) override { tally_.Walk(state); }

 private:
  ThompsonBetaConfig config_;
  ArmTally tally_;
};

}  // namespace hone
