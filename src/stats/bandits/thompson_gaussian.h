// Thompson sampling of real rewards with normal posteriors (Agrawal and Goyal, "Further optimal regret bounds for
// Thompson sampling", 2013, algorithm 2, with a flat prior and the rewards' own variance).
//
//   mean of arm a ~ Normal(mean_a, v / n_a)
//   v = sum over arms of the squared deviations from their means / (sum of n_a - K), or deviation^2 where that is given
//
// An arm with fewer than `initial` rewards is chosen first, such arms equally. Without `deviation` the choices are the
// same whatever unit or origin rewards are told in. An arm is chosen with the probability that its mean is the largest
// (best_arm_probability.h); where v is 0, the arm of the largest mean.
#pragma once

#include "stats/bandits/arm_tally.h"
#include "stats/bandits/best_arm_probability.h"

namespace hone {

struct ThompsonGaussianConfig {
  std::int64_t initial = 5;  // [2, 1000000]
  double deviation = 0;      // [0, 1e100], of one reward; 0: estimated
};

class ThompsonGaussian : public ArmPolicy {
 public:
  ThompsonGaussian(int arms, const ThompsonGaussianConfig& config)
      : config_(config), tally_(arms), squares_(static_cast<std::size_t>(arms)), means_(squares_.size()) {}
  bool bounded_rewards() const override { return false; }

  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    if (WeighNew(probabilities)) return;
    const double variance = Variance();
    std::vector<NormalArm> arms(means_.size());
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      arms[arm] = {means_[arm], std::sqrt(variance / tally_.count(arm))};
    }
    // Below this the posteriors cannot be told from points.
    if (variance <= kNoVariance * Largest()) return ShareBetweenBest(means_, probabilities);
    BestArmProbability(arms, probabilities);
  }
  // Welford's update, exact where rewards are far from 0.
  void Learn(const RewardedChoice& choice) override {
    tally_.Add(choice);
    const auto arm = static_cast<std::size_t>(choice.arm);
    const double before = choice.reward - means_[arm];
    means_[arm] += before / tally_.count(arm);
    squares_[arm] += before * (choice.reward - means_[arm]);
  }
  void Walk(StateText& state) override {
    tally_.Walk(state);
    state.Numbers(means_);
    state.Numbers(squares_);
    for (const double square : squares_) state.Require(square >= 0);
  }

 private:
  static constexpr double kNoVariance = 1e-24;

  bool WeighNew(std::span<double> probabilities) const {
    std::vector<double> fresh(means_.size());
    for (std::size_t arm = 0; arm < fresh.size(); ++arm) {
      fresh[arm] = tally_.count(arm) < static_cast<double>(config_.initial) ? 1 : 0;
    }
    if (std::find(fresh.begin(), fresh.end(), 1.0) == fresh.end()) return false;
    ShareBetweenBest(fresh, probabilities);
    return true;
  }
  double Variance() const {
    if (config_.deviation > 0) return config_.deviation * config_.deviation;
    const double freedom = tally_.total() - static_cast<double>(means_.size());
    return std::accumulate(squares_.begin(), squares_.end(), 0.0) / freedom;
  }
  double Largest() const {
    double largest = 0;
    for (const double mean : means_) largest = std::max(largest, mean * mean);
    return largest;
  }

  ThompsonGaussianConfig config_;
  ArmTally tally_;
  std::vector<double> squares_, means_;  // squares: of deviations from the mean
};

}  // namespace hone
