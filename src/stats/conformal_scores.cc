#include "stats/conformal_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {

void ConformalScores::Add(double score) {
  if (full()) {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), arrived_.front()));
    arrived_.pop_front();
  }
  arrived_.push_back(score);
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), score), score);
}

double ConformalScores::Reach(double miss) const {
  const double rows = static_cast<double>(sorted_.size());
  const double rank = std::ceil((rows + 1) * (1 - miss) - 1e-9);
  if (rank > rows) return std::numeric_limits<double>::infinity();
  return rank < 1 ? 0 : sorted_[static_cast<std::size_t>(rank) - 1];
}

double ConformalScores::LargestMiss(double score) const {
  const auto reached = sorted_.end() - std::lower_bound(sorted_.begin(), sorted_.end(), score);
  return (1 + static_cast<double>(reached)) / (static_cast<double>(sorted_.size()) + 1);
}

}  // namespace hone
