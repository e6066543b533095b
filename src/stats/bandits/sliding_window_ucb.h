// Sliding-window UCB (Garivier and Moulines, "On upper-confidence bound policies for switching bandit problems", 2011,
// section 2), for rewards whose means change.
//
//   index_a = mean_a + sqrt(exploration log(min(t, window)) / n_a)
//
// over the rewards, in [0, 1], of the newest `window` choices only; t: choices made. Infinite without one. A reward
// that comes later than that is not learned. For T choices and C changes the paper takes window = 2 sqrt(T log(T) / C).
// O(window) a choice.
#pragma once

#include <limits>

#include "stats/bandits/arm_tally.h"

namespace hone {

struct SlidingWindowUcbConfig {
  std::int64_t window = 500;  // [2, 100000] choices
  double exploration = 0.5;   // [0, 100]: xi of the paper, whose bounds need more than 1/2
};

class SlidingWindowUcb : public ArmPolicy {
 public:
  SlidingWindowUcb(int arms, const SlidingWindowUcbConfig& config)
      : arms_(arms), config_(config), slots_(static_cast<std::size_t>(config.window)) {}

  // One index per arm.
  void Indices(std::span<double> indices) const {
    const auto arms = static_cast<std::size_t>(arms_);
    std::vector<double> counts(arms), sums(arms);
    for (const Slot& slot : slots_) {
      if (slot.arm < 0) continue;
      ++counts[static_cast<std::size_t>(slot.arm)];
      sums[static_cast<std::size_t>(slot.arm)] += slot.reward;
    }
    const double log_rounds = std::log(static_cast<double>(std::clamp<std::int64_t>(choices_, 1, config_.window)));
    for (std::size_t arm = 0; arm < arms; ++arm) {
      indices[arm] = counts[arm] > 0
                         ? sums[arm] / counts[arm] + std::sqrt(config_.exploration * log_rounds / counts[arm])
                         : std::numeric_limits<double>::infinity();
    }
  }
  void Weigh(std::span<const double>, std::span<double> probabilities) const override {
    std::vector<double> indices(probabilities.size());
    Indices(indices);
    ShareBetweenBest(indices, probabilities);
  }
  void Pass() override {
    ++choices_;
    SlotOf(0) = {};
  }
  void Learn(const RewardedChoice& choice) override {
    if (choice.age < config_.window) SlotOf(choice.age) = {choice.arm, choice.reward};
  }
  void Walk(StateText& state) override {
    state.Whole(choices_, 0, std::int64_t{1} << 53);
    for (Slot& slot : slots_) {
      std::int64_t arm = slot.arm;
      state.Whole(arm, -1, arms_ - 1);
      if (arm >= 0) state.Number(slot.reward);
      slot.arm = static_cast<int>(arm);
    }
  }

 private:
  struct Slot {
    int arm = -1;  // -1: no reward of this choice, or not yet
    double reward = 0;
  };
  Slot& SlotOf(std::int64_t age) {
    return slots_[static_cast<std::size_t>((choices_ + config_.window - 1 - age) % config_.window)];
  }

  int arms_;
  SlidingWindowUcbConfig config_;
  std::int64_t choices_ = 0;
  std::vector<Slot> slots_;  // of choice n at n modulo the window
};

}  // namespace hone
