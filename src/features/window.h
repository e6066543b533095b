// The last n numbers of a stream, side by side in the order they came.
//
// Sums are taken over the window anew, in four lanes and always in the same order, so a feature depends on its window
// alone, to the bit, however long the stream has run: a running sum would carry the rounding of all that went before.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hone {

// Not thread-safe. Push is O(1); nothing is allocated after construction.
class Window {
 public:
  // size >= 1
  explicit Window(int size) : size_(static_cast<std::size_t>(size)), slots_(2 * size_) {}

  void Push(double value) {
    slots_[next_] = value;
    slots_[next_ + size_] = value;
    next_ = next_ + 1 == size_ ? 0 : next_ + 1;
    if (count_ < size_) ++count_;
  }

  bool full() const { return count_ == size_; }
  std::size_t size() const { return size_; }
  // Oldest first; only when full.
  std::span<const double> values() const { return {slots_.data() + next_, size_}; }
  double oldest() const { return slots_[next_]; }
  double newest() const { return slots_[next_ + size_ - 1]; }

 private:
  std::size_t size_;
  std::vector<double> slots_;  // every value twice, `size_` apart
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

inline double Sum(std::span<const double> values) {
  double lanes[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) lanes[lane] += values[i + lane];
  }
  for (; i < values.size(); ++i) lanes[0] += values[i];
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

inline double Mean(std::span<const double> values) { return Sum(values) / static_cast<double>(values.size()); }

}  // namespace hone
