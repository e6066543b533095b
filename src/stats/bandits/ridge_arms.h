// A ridge regression of the rewards of each arm on the context: what LinUCB and linear Thompson sampling share.
//
//   A_a = ridge I + sum x x',  theta_a = A_a^-1 sum r x
//
// over the rewarded choices of arm a. The inverse is kept, by Sherman and Morrison's update (1950). O(K d^2) memory and
// time; the order of rewards matters to rounding only.
#pragma once

#include <cmath>
#include <numeric>

#include "stats/bandits/arm_policy.h"

namespace hone {

// What the regression says of one arm at a context.
struct RidgeAnswer {
  double mean = 0;       // x' theta
  double deviation = 0;  // sqrt(x' A^-1 x)
};

class RidgeArms {
 public:
  RidgeArms(int arms, int width, double ridge) : width_(static_cast<std::size_t>(width)) {
    const auto count = static_cast<std::size_t>(arms);
    inverse_.resize(count * width_ * width_);
    sums_.resize(count * width_);
    for (std::size_t arm = 0; arm < count; ++arm)
      for (std::size_t i = 0; i < width_; ++i) inverse_[(arm * width_ + i) * width_ + i] = 1 / ridge;
  }

  RidgeAnswer At(std::size_t arm, std::span<const double> x) const {
    const std::vector<double> spread = InverseTimes(arm, x);
    const std::span<const double> sums(&sums_[arm * width_], width_);
    return {std::inner_product(spread.begin(), spread.end(), sums.begin(), 0.0),
            std::sqrt(std::max(0.0, std::inner_product(spread.begin(), spread.end(), x.begin(), 0.0)))};
  }

  void Add(const RewardedChoice& choice) {
    const auto arm = static_cast<std::size_t>(choice.arm);
    const std::span<const double> x = choice.context;
    const std::vector<double> spread = InverseTimes(arm, x);
    const double scale = 1 + std::inner_product(spread.begin(), spread.end(), x.begin(), 0.0);
    for (std::size_t i = 0; i < width_; ++i) {
      for (std::size_t j = 0; j < width_; ++j)
        inverse_[(arm * width_ + i) * width_ + j] -= spread[i] * spread[j] / scale;
      sums_[arm * width_ + i] += choice.reward * x[i];
    }
  }

  void Walk(StateText& state) {
    state.Numbers(inverse_);
    state.Numbers(sums_);
  }

 private:
  std::vector<double> InverseTimes(std::size_t arm, std::span<const double> x) const {
    std::vector<double> product(width_);
    for (std::size_t i = 0; i < width_; ++i) {
      const double* row = &inverse_[(arm * width_ + i) * width_];
      product[i] = std::inner_product(x.begin(), x.end(), row, 0.0);
    }
    return product;
  }

  std::size_t width_;
  std::vector<double> inverse_, sums_;  // by arm; inverses row-major
};

}  // namespace hone
