// Exp3, for rewards that an adversary may choose (Auer, Cesa-Bianchi, Freund and Schapire, "The nonstochastic
// multiarmed bandit problem", 2002, figure 1).
//
//   q_a = (1 - gamma) w_a / sum w + gamma / K
//   w_a = exp(gamma / K * sum of r / p over the rewarded choices of arm a)
//
// p: the probability with which the choice was made, floor and all; rewards r in [0, 1]. With
// gamma = min(1, sqrt(K log(K) / (1.72 G))), G the best arm's sum of rewards, expected regret is at most
// 2.63 sqrt(G K log K).
#pragma once

#include <cmath>
#include <numeric>

#include "stats/bandits/arm_policy.h"

namespace hone {

struct Exp3Config {
  double gamma = 0.1;  // [1e-6, 1]
};

class Exp3 : public ArmPolicy {
 public:
  Exp3(int arms, const Exp3Config& config) : config_(config), log_weights_(static_cast<std::size_t>(arms)) {}

  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    const double largest = *std::max_element(log_weights_.begin(), log_weights_.end());
    for (std::size_t arm = 0; arm < log_weights_.size(); ++arm) {
      probabilities[arm] = std::exp(log_weights_[arm] - largest);
    }
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    for (double& probability : probabilities) {
      probability = (1 - config_.gamma) * probability / sum + config_.gamma / static_cast<double>(log_weights_.size());
    }
  }
  void Learn(const RewardedChoice& choice) override {
    log_weights_[static_cast<std::size_t>(choice.arm)] +=
        config_.gamma / static_cast<double>(log_weights_.size()) * choice.reward / choice.propensity;
  }
  void Walk(StateText& state) override { state.Numbers(log_weights_); }

 private:
  Exp3Config config_;
  std::vector<double> log_weights_;
};

}  // namespace hone
