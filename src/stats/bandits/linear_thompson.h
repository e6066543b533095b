// Linear Thompson sampling (Agrawal and Goyal, "Thompson sampling for contextual bandits with linear payoffs", 2013),
// with a model for each arm as in LinUCB.
//
//   theta of arm a ~ Normal(theta_a, deviation^2 A_a^-1), so x' theta ~ Normal(x' theta_a, deviation^2 x' A_a^-1 x)
//
// (ridge_arms.h), independent between arms. An arm is chosen with the probability that its value at the context is the
// largest (best_arm_probability.h). Rewards of any size; deviation is in their unit.
#pragma once

#include <limits>

#include "stats/bandits/best_arm_probability.h"
#include "stats/bandits/ridge_arms.h"

namespace hone {

struct LinearThompsonConfig {
  double deviation = 0.5;  // [1e-9, 1e100]
  double ridge = 1;        // [1e-6, 1e6]
};

class LinearThompson : public ArmPolicy {
 public:
  LinearThompson(int arms, int width, const LinearThompsonConfig& config)
      : config_(config), arms_(arms, width, config.ridge) {}
  bool bounded_rewards() const override { return false; }
  bool uses_context() const override { return true; }

  void Weigh(std::span<const double> context, std::span<double> probabilities) const override {
    std::vector<NormalArm> values(probabilities.size());
    std::vector<double> means(values.size());
    double largest = 0, narrowest = std::numeric_limits<double>::infinity();
    for (std::size_t arm = 0; arm < values.size(); ++arm) {
      const RidgeAnswer answer = arms_.At(arm, context);
      values[arm] = {answer.mean, config_.deviation * answer.deviation};
      means[arm] = answer.mean;
      largest = std::max(largest, std::abs(answer.mean));
      narrowest = std::min(narrowest, values[arm].deviation);
    }
    // A context of zeros: every value is known to be 0.
    if (narrowest <= kNoDeviation * largest || narrowest == 0) return ShareBetweenBest(means, probabilities);
    BestArmProbability(values, probabilities);
  }
  void Learn(const RewardedChoice& choice) override { arms_.Add(choice); }
  void Walk(StateText& state) override { arms_.Walk(state); }

 private:
  static constexpr double kNoDeviation = 1e-12;

  LinearThompsonConfig config_;
  RidgeArms arms_;
};

}  // namespace hone
