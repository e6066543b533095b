// Mean and variance of a stream, numerically stable (Welford 1962; merging: Chan, Golub and LeVeque 1979).
#pragma once

#include <cstdint>

namespace hone {

// Fixed memory; not thread-safe. Values must be finite for the answers to be.
class RunningMoments {
 public:
  void Add(double value) {
    ++count_;
    const double delta = value - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (value - mean_);
  }
  // The stored numbers, and moments from them: for checkpoints.
  double sum_of_squares() const { return squares_; }
  static RunningMoments FromStored(std::int64_t count, double mean, double sum_of_squares);
  // As if the other's values had been added too (up to rounding).
  void Merge(const RunningMoments& other);

  std::int64_t count() const { return count_; }
  double mean() const { return mean_; }
  // Sample variance, divisor n - 1; 0 for fewer than two values.
  double variance() const { return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1); }
  // Divisor n; 0 without values.
  double population_variance() const { return count_ < 1 ? 0 : squares_ / static_cast<double>(count_); }
  double standard_deviation() const;

 private:
  std::int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

}  // namespace hone
