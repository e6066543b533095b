// Moving averages that other indicators are made of. Each is fed by Push, gives NaN before warmup() values have come
// (a NaN is passed over, so they can be chained) and is exact on constant streams.
#pragma once

#include <cmath>

#include "features/indicators/define.h"
#include "features/indicators/rolling_line.h"
#include "features/indicators/rolling_sum.h"

namespace hone {

// mean += weight (value - mean), started at the mean of `size` values after `skipped` ones, as TA-Lib does.
class ExponentialMean {
 public:
  static constexpr bool kSideBySide = true;
  explicit ExponentialMean(int size) : ExponentialMean(size, 2.0 / (size + 1.0)) {}
  ExponentialMean(int size, double weight, int skipped = 0) : size_(size), skipped_(skipped), weight_(weight) {}

  double Push(double value) {
    if (std::isnan(value)) return kNone;
    if (seen_ < size_ + skipped_) return Start(value);
    return mean_ += weight_ * (value - mean_);
  }
  int warmup() const { return size_ + skipped_; }

 private:
  double Start(double value) {
    if (++seen_ <= skipped_) return kNone;
    if (seen_ == skipped_ + 1) first_ = value;
    offsets_ += value - first_;
    mean_ = first_ + offsets_ / size_;
    return seen_ < size_ + skipped_ ? kNone : mean_;
  }

  int size_, skipped_, seen_ = 0;
  double weight_, first_ = 0, offsets_ = 0, mean_ = 0;
};

// Wilder's smoothing, an exponential mean of weight 1 / size.
class WilderMean : public ExponentialMean {
 public:
  explicit WilderMean(int size) : ExponentialMean(size, 1.0 / size) {}
};

// Weights 1 (oldest) to n (newest).
class WeightedMean {
 public:
  explicit WeightedMean(int size) : line_(size) {}
  double Push(double value) {
    if (std::isnan(value)) return kNone;
    return line_.Push(value) ? line_.weighted_mean() : kNone;
  }
  int warmup() const { return line_.size(); }

 private:
  RollingLine line_;
};

// Wilder's means of rises and of falls of a stream. The arithmetic is TA-Lib's to the bit: where prices stand still
// both means shrink alike, and what is made of their ratio (stochrsi) would otherwise tell of last digits.
class RisesAndFalls {
 public:
  explicit RisesAndFalls(int size) : size_(size), share_(1.0 / size) {}
  // False before size + 1 values have come.
  bool Push(double value) {
    const double move = value - last_;
    last_ = value;
    if (std::isnan(move)) return false;
    const double up = move > 0 ? move : 0, down = move < 0 ? -move : 0;
    if (seen_ < size_) return Start(up, down);
    rise = (rise * (size_ - 1) + up) * share_;
    fall = (fall * (size_ - 1) + down) * share_;
    return true;
  }
  int warmup() const { return size_ + 1; }
  double rise = 0, fall = 0;

 private:
  bool Start(double up, double down) {
    rise += up;
    fall += down;
    if (++seen_ < size_) return false;
    rise /= size_;
    fall /= size_;
    return true;
  }

  int size_, seen_ = 0;
  double share_, last_ = kNone;
};

}  // namespace hone
