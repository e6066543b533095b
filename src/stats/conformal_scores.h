// The scores of conformal prediction: sizes of past errors, and which of them an interval must reach.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace hone {

// The newest `window` scores, sorted. Not thread-safe. Add is O(window), Reach O(1), ShareAtLeast O(log window).
class ConformalScores {
 public:
  explicit ConformalScores(std::size_t window) : window_(window) {}  // >= 1

  void Add(double score);  // >= 0, finite
  std::size_t size() const { return sorted_.size(); }
  bool full() const { return sorted_.size() == window_; }
  const std::deque<double>& arrived() const { return arrived_; }  // oldest first

  // The score of rank ceil((n + 1)(1 - miss)): a new exchangeable score is above it with probability <= `miss` (Vovk,
  // Gammerman and Shafer 2005). Infinite where that rank is above n; 0 where it is below 1.
  double Reach(double miss) const;
  // Below which miss the interval holds an error of this size: (1 + scores at least as large) / (n + 1).
  double LargestMiss(double score) const;

 private:
  std::size_t window_;
  std::deque<double> arrived_;
  std::vector<double> sorted_;
};

}  // namespace hone
