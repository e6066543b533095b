#include "stats/running_moments.h"

#include <cmath>

namespace hone {

void RunningMoments::Merge(const RunningMoments& other) {
  if (other.count_ == 0) return;
  const double mine = static_cast<double>(count_), theirs = static_cast<double>(other.count_);
  const double delta = other.mean_ - mean_;
  count_ += other.count_;
  mean_ += delta * theirs / (mine + theirs);
  squares_ += other.squares_ + delta * delta * mine * theirs / (mine + theirs);
}

double RunningMoments::standard_deviation() const { return std::sqrt(variance()); }

}  // namespace hone
