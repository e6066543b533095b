// Has the realised loss left the recipe's own range?
//
// Reference: the losses the recipe showed on rows it had not seen, before the champion was activated and since. Recent:
// the mean over the newest `window` outcomes. It has left the range when it exceeds both `ratio` times the reference
// mean and the largest mean of any `window` consecutive reference losses: what the recipe has been through before is no
// news. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace hone {

class LossRange {
 public:
  // window >= 1 outcomes.
  explicit LossRange(int window);

  // Replaces the reference by `losses` (time order) and forgets recent outcomes.
  void SetReference(const std::vector<double>& losses);
  void Add(double loss);

  bool full() const { return static_cast<int>(recent_.size()) == window_; }
  double recent_mean() const;
  double reference_mean() const { return reference_mean_; }
  double reference_highest() const { return reference_highest_; }
  // recent mean / reference mean; 0 until a full window and a reference exist.
  double ratio() const;
  // Outside the range by at least `ratio`.
  bool Left(double ratio) const;

 private:
  int window_;
  double reference_mean_ = 0, reference_highest_ = 0;
  std::deque<double> recent_;
};

}  // namespace hone
