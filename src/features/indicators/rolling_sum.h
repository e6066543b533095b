// Sums and means of the last n numbers of a stream; see two_stacks.h for cost and rounding.
#pragma once

#include <cmath>

#include "features/indicators/define.h"
#include "features/indicators/two_stacks.h"

namespace hone {

struct SumFold {
  using Item = double;
  double sum = 0;
  SumFold() = default;
  explicit SumFold(double) {}
  void Append(double value) { sum += value; }
  void Prepend(double value) { sum += value; }
};

class RollingSum {
 public:
  explicit RollingSum(int size) : stacks_(size) {}
  // The sum of the last `size` values; NaN before there are that many. A NaN is passed over.
  double Push(double value) {
    if (std::isnan(value)) return kNone;
    stacks_.Push(value);
    return stacks_.full() ? stacks_.older().sum + stacks_.newer().sum : kNone;
  }
  int warmup() const { return static_cast<int>(stacks_.size()); }

 private:
  TwoStacks<SumFold> stacks_;
};

// Sum of differences from the first value of the stack: exact for a constant stream, and a mean keeps the digits of
// small moves on a high level.
struct OffsetFold {
  using Item = double;
  double reference = 0, sum = 0;
  OffsetFold() = default;
  explicit OffsetFold(double first) : reference(first) {}
  void Append(double value) { sum += value - reference; }
  void Prepend(double value) { Append(value); }
};

class RollingMean {
 public:
  explicit RollingMean(int size) : stacks_(size), share_(1.0 / size) {}
  // The mean of the last `size` values; NaN before there are that many. A NaN is passed over.
  double Push(double value) {
    if (std::isnan(value)) return kNone;
    stacks_.Push(value);
    return stacks_.full() ? mean() : kNone;
  }
  int warmup() const { return static_cast<int>(stacks_.size()); }

 private:
  double mean() const {
    const OffsetFold &older = stacks_.older(), &newer = stacks_.newer();
    const double lift = stacks_.older_count() * (older.reference - newer.reference);
    return newer.reference + (newer.sum + older.sum + lift) * share_;
  }

  TwoStacks<OffsetFold> stacks_;
  double share_;
};

}  // namespace hone
