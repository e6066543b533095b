// Discounted UCB (Kocsis and Szepesvari 2006; Garivier and Moulines, "On upper-confidence bound policies for switching
// bandit problems", 2011, section 2), for rewards whose means change.
//
//   index_a = S_a / N_a + 2 sqrt(exploration log(n) / N_a),  n = sum of the N_a
//
// N_a, S_a: count and sum of the rewards of arm a, in [0, 1], each weighted by discount^(choices made since). Infinite
// without a reward. For T choices and C changes the paper takes discount = 1 - sqrt(C / T) / 4.
#pragma once

#include <limits>

#include "stats/bandits/arm_tally.h"

namespace hone {

struct DiscountedUcbConfig {
  double discount = 0.995;   // [0.5, 1]: 1 / (1 - discount) choices are remembered, 200
  double exploration = 0.5;  // [0, 100]: xi of the paper, whose bounds need more than 1/2
};

class DiscountedUcb : public ArmPolicy {
 public:
  DiscountedUcb(int arms, const DiscountedUcbConfig& config) : config_(config), tally_(arms, config.discount) {}

  // One index per arm.
  void Indices(std::span<double> indices) const {
    const double log_rounds = std::log(std::max(1.0, tally_.total()));
    std::fill(indices.begin(), indices.end(), std::numeric_limits<double>::infinity());
    for (std::size_t arm = 0; arm < indices.size(); ++arm) {
      const double count = tally_.count(arm);
      if (count < kForgotten) continue;
      indices[arm] = tally_.mean(arm) + 2 * std::sqrt(config_.exploration * log_rounds / count);
    }
  }
  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    std::vector<double> indices(probabilities.size());
    Indices(indices);
    ShareBetweenBest(indices, probabilities);
  }
  void Pass() override { tally_.Pass(); }
  void Learn(const RewardedChoice& choice) override { tally_.Add(choice); }
  void Walk(StateText& state) override { tally_.Walk(state); }

 private:
  static constexpr double kForgotten = 1e-200;  // before S / N loses its digits

  DiscountedUcbConfig config_;
  ArmTally tally_;
};

}  // namespace hone
