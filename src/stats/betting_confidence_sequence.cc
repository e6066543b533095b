#include "stats/betting_confidence_sequence.h"

#include <algorithm>
#include <cmath>

namespace hone {

BettingConfidenceSequence::BettingConfidenceSequence(double alpha, int grid)
    : alpha_(alpha), above_(static_cast<std::size_t>(std::max(grid, 2)) + 1), below_(above_.size()) {}

double BettingConfidenceSequence::mean() const { return rows_ > 0 ? sum_ / static_cast<double>(rows_) : 0.5; }

void BettingConfidenceSequence::Add(double value) {
  value = std::clamp(value, 0.0, 1.0);
  const double t = static_cast<double>(rows_ + 1), variance = squares_ / t;
  Bet(value, std::sqrt(2 * std::log(2 / alpha_) / (variance * t * std::log1p(t))));
  ++rows_;
  sum_ += value;
  const double centre = (0.5 + sum_) / (t + 1);
  squares_ += (value - centre) * (value - centre);
  Narrow();
}

void BettingConfidenceSequence::Bet(double value, double stake) {
  const double steps = static_cast<double>(above_.size() - 1);
  for (std::size_t i = 0; i < above_.size(); ++i) {
    const double m = static_cast<double>(i) / steps;
    const double up = m > 0 ? std::min(stake, 0.5 / m) : stake;
    const double down = m < 1 ? std::min(stake, 0.5 / (1 - m)) : stake;
    above_[i] += std::log1p(up * (value - m));
    below_[i] += std::log1p(-down * (value - m));
  }
}

void BettingConfidenceSequence::Narrow() {
  const double limit = std::log(2 / alpha_), steps = static_cast<double>(above_.size() - 1);
  const auto excluded = [&](std::size_t i) { return std::max(above_[i], below_[i]) >= limit; };
  std::size_t first = 0, last = above_.size() - 1;
  while (first < last && excluded(first)) ++first;
  while (last > first && excluded(last)) --last;
  const double low = first > 0 ? static_cast<double>(first - 1) / steps : 0;
  const double high = last + 1 < above_.size() ? static_cast<double>(last + 1) / steps : 1;
  interval_.low = std::max(interval_.low, low);
  interval_.high = std::min(interval_.high, high);
}

}  // namespace hone
