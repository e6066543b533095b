// Least squares line through the last n numbers of a stream against 0 (oldest) to n - 1 (newest); see two_stacks.h.
// Sums are taken about the first value of each stack, so a constant stream has slope zero exactly.
#pragma once

#include <cmath>

#include "features/indicators/define.h"
#include "features/indicators/two_stacks.h"

namespace hone {

struct LineFold {
  using Item = double;
  double reference = 0, count = 0, sum = 0, weighted = 0;  // weighted: by the place from the oldest, 0 on
  LineFold() = default;
  explicit LineFold(double first) : reference(first) {}
  void Append(double value) {
    const double offset = value - reference;
    sum += offset;
    weighted += count * offset;
    ++count;
  }
  void Prepend(double value) {
    weighted += sum;
    sum += value - reference;
    ++count;
  }
};

class RollingLine {
 public:
  explicit RollingLine(int size) : stacks_(size), size_(size) {}
  // False before there are `size` values.
  bool Push(double value) {
    stacks_.Push(value);
    if (!stacks_.full()) return false;
    const LineFold &older = stacks_.older(), &newer = stacks_.newer();
    const double lift = older.reference - newer.reference;
    reference_ = newer.reference;
    sum_ = older.sum + older.count * lift + newer.sum;
    weighted_ =
        older.weighted + lift * (older.count * (older.count - 1) / 2) + newer.weighted + older.count * newer.sum;
    return true;
  }
  int size() const { return static_cast<int>(stacks_.size()); }
  // Only when full. Slope per bar; needs two values.
  double slope() const { return (weighted_ - (size_ - 1) / 2 * sum_) / (size_ * (size_ * size_ - 1) / 12); }
  // The line at a place, 0 the oldest value's.
  double At(double place) const { return reference_ + sum_ / size_ + slope() * (place - (size_ - 1) / 2); }
  // Mean with weights 1 (oldest) to n (newest).
  double weighted_mean() const { return reference_ + (weighted_ + sum_) / (size_ * (size_ + 1) / 2); }

 private:
  TwoStacks<LineFold> stacks_;
  double size_, reference_ = 0, sum_ = 0, weighted_ = 0;
};

}  // namespace hone
