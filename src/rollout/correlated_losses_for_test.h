// Squared errors of several forecasters of the same outcomes, dependent as live ones are.
//
// The error of forecaster i at row t is sqrt(shared) c_t + sqrt(1 - shared) o_{i,t}, times a scale of its own: c common
// to all, o its own, both moving averages of `horizon` standard normals (variance 1), as errors of overlapping horizons
// are. Different recipes share about two thirds of their noise, two versions of one recipe nearly all of it.
#pragma once

#include <cmath>
#include <deque>
#include <vector>

#include "base/random.h"

namespace hone {

class MovingAverageNoise {
 public:
  MovingAverageNoise(int horizon, Random& random) : random_(&random) {
    for (int i = 0; i < horizon; ++i) newest_.push_back(random_->Normal());
  }
  double Next() {
    newest_.pop_front();
    newest_.push_back(random_->Normal());
    double sum = 0;
    for (const double value : newest_) sum += value;
    return sum / std::sqrt(static_cast<double>(newest_.size()));
  }

 private:
  Random* random_;
  std::deque<double> newest_;
};

class CorrelatedLosses {
 public:
  CorrelatedLosses(int forecasters, int horizon, Random& random, double shared = 2.0 / 3)
      : share_(shared),
        shared_(horizon, random),
        own_(static_cast<std::size_t>(forecasters), MovingAverageNoise(horizon, random)),
        losses_(own_.size()),
        scales_(own_.size(), 1.0) {}

  // Multiplies the mean squared error of a forecaster by `ratio` from now on.
  void SetRatio(std::size_t forecaster, double ratio) { scales_[forecaster] = std::sqrt(ratio); }

  // The next row; index by forecaster.
  const std::vector<double>& Next() {
    const double shared = shared_.Next();
    for (std::size_t i = 0; i < own_.size(); ++i) {
      const double error = scales_[i] * (std::sqrt(share_) * shared + std::sqrt(1 - share_) * own_[i].Next());
      losses_[i] = error * error;
    }
    return losses_;
  }

 private:
  double share_;
  MovingAverageNoise shared_;
  std::vector<MovingAverageNoise> own_;
  std::vector<double> losses_, scales_;
};

// The most a rate of `alpha` shows in `runs` runs but once in a thousand such tests: three standard deviations.
inline double WithinMonteCarlo(double alpha, int runs) { return alpha + 3.1 * std::sqrt(alpha * (1 - alpha) / runs); }

}  // namespace hone
