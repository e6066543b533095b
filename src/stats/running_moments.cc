#include "stats/running_moments.h"

#include <cmath>

namespace hone {

RunningMoments RunningMoments::FromStored(std::int64_t count, double mean, double sum_of_squares) {
  RunningMoments moments;
  moments.count_ = count;
  moments.mean_ = mean;
  moments.squares_ = sum_of_squares;
  return moments;
}

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
