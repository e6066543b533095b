// Mean and central moments of the last n numbers of a stream, and covariance of two; see two_stacks.h for cost.
//
// Powers are summed about the first value of each stack, which lies in or beside the window, and moved to the mean when
// asked for: a level far from zero costs no digits, and the moments of equal numbers are exactly zero.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "features/indicators/define.h"
#include "features/indicators/two_stacks.h"

namespace hone {

template <int kPowers>
struct PowerFold {
  using Item = double;
  double reference = 0;
  std::array<double, kPowers> sums{};  // of (value - reference)^(i + 1)
  PowerFold() = default;
  explicit PowerFold(double first) : reference(first) {}
  void Append(double value) {
    const double offset = value - reference;
    double power = 1;
    for (double& sum : sums) sum += power *= offset;
  }
  void Prepend(double value) { Append(value); }
};

// kPowers 2: mean and variance; 4: third and fourth central moments too.
template <int kPowers>
class RollingMoments {
 public:
  explicit RollingMoments(int size) : stacks_(size), share_(1.0 / size) {}
  // False before there are `size` values.
  bool Push(double value) {
    stacks_.Push(value);
    return stacks_.full();
  }
  int size() const { return static_cast<int>(stacks_.size()); }
  // Only when full.
  double mean() const {
    const Fold &older = stacks_.older(), &newer = stacks_.newer();
    const double lift = stacks_.older_count() * (older.reference - newer.reference);
    return newer.reference + (newer.sums[0] + older.sums[0] + lift) * share_;
  }
  // Mean squared deviation (population variance), >= 0.
  double variance() const {
    const auto [a, b] = Shifts();
    return std::max(
        0.0, (Second(stacks_.newer(), newer_count(), a) + Second(stacks_.older(), stacks_.older_count(), b)) * share_);
  }
  // Mean third power of the deviation.
  double third() const {
    const auto [a, b] = Shifts();
    return (Third(stacks_.newer(), newer_count(), a) + Third(stacks_.older(), stacks_.older_count(), b)) * share_;
  }
  double fourth() const {
    const auto [a, b] = Shifts();
    return (Fourth(stacks_.newer(), newer_count(), a) + Fourth(stacks_.older(), stacks_.older_count(), b)) * share_;
  }

 private:
  using Fold = PowerFold<kPowers>;
  double newer_count() const { return static_cast<double>(stacks_.size()) - stacks_.older_count(); }
  std::array<double, 2> Shifts() const {
    const double middle = mean();
    return {stacks_.newer().reference - middle, stacks_.older().reference - middle};
  }
  // Sum of (value - mean)^k of one stack; shift = its reference - mean.
  static double Second(const Fold& fold, double count, double shift) {
    return fold.sums[1] + shift * (2 * fold.sums[0] + count * shift);
  }
  static double Third(const Fold& fold, double count, double shift) {
    return fold.sums[2] + shift * (3 * fold.sums[1] + shift * (3 * fold.sums[0] + count * shift));
  }
  static double Fourth(const Fold& fold, double count, double shift) {
    return fold.sums[3] +
           shift * (4 * fold.sums[2] + shift * (6 * fold.sums[1] + shift * (4 * fold.sums[0] + count * shift)));
  }

  TwoStacks<Fold> stacks_;
  double share_;
};

struct PairFold {
  using Item = std::array<double, 2>;
  double x0 = 0, y0 = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  PairFold() = default;
  explicit PairFold(const Item& first) : x0(first[0]), y0(first[1]) {}
  void Append(const Item& item) {
    const double dx = item[0] - x0, dy = item[1] - y0;
    x += dx;
    y += dy;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  void Prepend(const Item& item) { Append(item); }
};

// Sums of products of deviations of two streams over the last `size` bars.
class RollingCovariance {
 public:
  struct Sums {
    double xx, yy, xy;  // xx and yy >= 0
    double correlation() const {
      const double scale = std::sqrt(xx) * std::sqrt(yy);
      return scale > 0 ? std::clamp(xy / scale, -1.0, 1.0) : 0;
    }
  };
  explicit RollingCovariance(int size) : stacks_(size) {}
  bool Push(double x, double y) {
    stacks_.Push({x, y});
    return stacks_.full();
  }
  int size() const { return static_cast<int>(stacks_.size()); }
  // Only when full.
  Sums sums() const {
    const PairFold &older = stacks_.older(), &newer = stacks_.newer();
    const double all = static_cast<double>(stacks_.size()), count = stacks_.older_count();
    const double lift_x = older.x0 - newer.x0, lift_y = older.y0 - newer.y0;
    const double shift_x = -(newer.x + older.x + count * lift_x) / all;
    const double shift_y = -(newer.y + older.y + count * lift_y) / all;
    Sums sums{0, 0, 0};
    Add(newer, all - count, shift_x, shift_y, sums);
    Add(older, count, shift_x + lift_x, shift_y + lift_y, sums);
    return {std::max(0.0, sums.xx), std::max(0.0, sums.yy), sums.xy};
  }

 private:
  // The stack's sums about the means; the shifts are its references - the means.
  static void Add(const PairFold& fold, double count, double shift_x, double shift_y, Sums& sums) {
    sums.xx += fold.xx + shift_x * (2 * fold.x + count * shift_x);
    sums.yy += fold.yy + shift_y * (2 * fold.y + count * shift_y);
    sums.xy += fold.xy + shift_x * fold.y + shift_y * (fold.x + count * shift_x);
  }

  TwoStacks<PairFold> stacks_;
};

}  // namespace hone
