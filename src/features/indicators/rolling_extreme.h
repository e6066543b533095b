// Greatest and least of the last n numbers of a stream, and how long ago they came; see two_stacks.h for cost. Exact.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>

#include "features/indicators/define.h"
#include "features/indicators/two_stacks.h"

namespace hone {

template <typename Before>
struct ExtremeFold {
  using Item = double;
  double value = 0;
  ExtremeFold() = default;
  explicit ExtremeFold(double first) : value(first) {}
  void Append(double other) { value = Before()(other, value) ? other : value; }
  void Prepend(double other) { Append(other); }
};

template <typename Before>
class RollingExtreme {
 public:
  explicit RollingExtreme(int size) : stacks_(size) {}
  // Of the last `size` values; NaN before there are that many. A NaN is passed over.
  double Push(double value) {
    if (std::isnan(value)) return kNone;
    stacks_.Push(value);
    if (!stacks_.full()) return kNone;
    const double older = stacks_.older().value, newer = stacks_.newer().value;
    return stacks_.older_count() > 0 && Before()(older, newer) ? older : newer;
  }
  int warmup() const { return static_cast<int>(stacks_.size()); }

 private:
  TwoStacks<ExtremeFold<Before>> stacks_;
};

using RollingMax = RollingExtreme<std::greater<>>;
using RollingMin = RollingExtreme<std::less<>>;

struct Dated {
  double value = 0;
  std::int64_t bar = 0;
};

// Of equals the newest.
template <typename Before>
struct DatedFold {
  using Item = Dated;
  Dated best;
  DatedFold() = default;
  explicit DatedFold(const Dated& first) : best(first) {}
  void Append(const Dated& newer) { best = Before()(best.value, newer.value) ? best : newer; }
  void Prepend(const Dated& older) { best = Before()(older.value, best.value) ? older : best; }
};

template <typename Before>
class RollingExtremeAge {
 public:
  explicit RollingExtremeAge(int size) : stacks_(size) {}
  // Bars since the newest of the extremes of the last `size` values, 0 to size - 1; NaN before there are that many.
  double Push(double value) {
    stacks_.Push({value, ++bar_});
    if (!stacks_.full()) return kNone;
    const Dated &older = stacks_.older().best, &newer = stacks_.newer().best;
    const bool is_older = stacks_.older_count() > 0 && Before()(older.value, newer.value);
    return static_cast<double>(bar_ - (is_older ? older : newer).bar);
  }
  int warmup() const { return static_cast<int>(stacks_.size()); }

 private:
  TwoStacks<DatedFold<Before>> stacks_;
  std::int64_t bar_ = 0;
};

}  // namespace hone
