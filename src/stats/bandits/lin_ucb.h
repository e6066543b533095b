// LinUCB with disjoint models (Li, Chu, Langford and Schapire, "A contextual-bandit approach to personalized news
// article recommendation", 2010, algorithm 1).
//
//   index_a = x' theta_a + alpha sqrt(x' A_a^-1 x)      (ridge_arms.h)
//
// The arm of the largest index is certain, equal ones share. Rewards of any size; alpha is in their unit.
#pragma once

#include "stats/bandits/ridge_arms.h"

namespace hone {

struct LinUcbConfig {
  double alpha = 1;  // [0, 1e100]
  double ridge = 1;  // [1e-6, 1e6]
};

class LinUcb : public ArmPolicy {
 public:
  LinUcb(int arms, int width, const LinUcbConfig& config) : config_(config), arms_(arms, width, config.ridge) {}
  bool bounded_rewards() const override { return false; }
  bool uses_context() const override { return true; }

  // One index per arm.
  void Indices(std::span<const double> context, std::span<double> indices) const {
    for (std::size_t arm = 0; arm < indices.size(); ++arm) {
      const RidgeAnswer answer = arms_.At(arm, context);
      indices[arm] = answer.mean + config_.alpha * answer.deviation;
    }
  }
  void Weigh(std::span<const double> context, std::span<double> probabilities) const override {
    std::vector<double> indices(probabilities.size());
    Indices(context, indices);
    ShareBetweenBest(indices, probabilities);
  }
  void Learn(const RewardedChoice& choice) override { arms_.Add(choice); }
  void Walk(StateText& state) override { arms_.Walk(state); }

 private:
  LinUcbConfig config_;
  RidgeArms arms_;
};

}  // namespace hone
