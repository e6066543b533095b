// Rewards of each arm: how many, their sum and their sum of squares. With a discount each choice that is made
// multiplies what is there by it, and a reward that comes late enters with the weight it would have by now:
//   count_a = sum of discount^(choices made since) over the rewarded choices of arm a, and so on.
#pragma once

#include <cmath>
#include <numeric>

#include "stats/bandits/arm_policy.h"

namespace hone {

class ArmTally {
 public:
  explicit ArmTally(int arms, double discount = 1)
      : discount_(discount),
        counts_(static_cast<std::size_t>(arms)),
        sums_(static_cast<std::size_t>(arms)),
        squares_(static_cast<std::size_t>(arms)) {}

  std::size_t arms() const { return counts_.size(); }
  double count(std::size_t arm) const { return counts_[arm]; }
  double sum(std::size_t arm) const { return sums_[arm]; }
  double square(std::size_t arm) const { return squares_[arm]; }
  double mean(std::size_t arm) const { return sums_[arm] / counts_[arm]; }
  double total() const { return std::accumulate(counts_.begin(), counts_.end(), 0.0); }

  void Pass() {
    if (discount_ == 1) return;
    for (std::size_t arm = 0; arm < arms(); ++arm) {
      counts_[arm] *= discount_;
      sums_[arm] *= discount_;
      squares_[arm] *= discount_;
    }
  }

  void Add(const RewardedChoice& choice) {
    const auto arm = static_cast<std::size_t>(choice.arm);
    const double weight = discount_ == 1 ? 1 : std::pow(discount_, static_cast<double>(choice.age));
    counts_[arm] += weight;
    sums_[arm] += weight * choice.reward;
    squares_[arm] += weight * choice.reward * choice.reward;
  }

  void Walk(StateText& state) {
    state.Numbers(counts_);
    state.Numbers(sums_);
    state.Numbers(squares_);
    for (const double count : counts_) state.Require(count >= 0 && count < kMostRewards);
    for (const double square : squares_) state.Require(square >= 0);
  }

 private:
  static constexpr double kMostRewards = 0x1p53;

  double discount_;
  std::vector<double> counts_, sums_, squares_;
};

}  // namespace hone
