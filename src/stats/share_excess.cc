#include "stats/share_excess.h"

#include <algorithm>
#include <cmath>

namespace hone {

ShareExcess::ShareExcess(double challenger_share, double margin)
    : challenger_share_(challenger_share), margin_(margin) {
  double bet = 1 / (1 / (1 - challenger_share) + margin);
  for (double& fraction : bets_) fraction = bet /= 2;
}

void ShareExcess::Add(bool challenger, bool happened) {
  Counts& counts = counts_[challenger];
  ++counts.units;
  counts.happened += happened ? 1 : 0;
  const double weighted = challenger ? 1 / challenger_share_ : -1 / (1 - challenger_share_);
  const double z = (happened ? weighted : 0) - margin_;
  for (std::size_t i = 0; i < kBets; ++i) log_capital_[i] += std::log1p(bets_[i] * z);
  if (z > 0) log_peak_ = std::max(log_peak_, LogMeanCapital());
}

double ShareExcess::LogMeanCapital() const {
  const double largest = *std::max_element(log_capital_.begin(), log_capital_.end());
  double sum = 0;
  for (const double log_capital : log_capital_) sum += std::exp(log_capital - largest);
  return largest + std::log(sum / kBets);
}

double ShareExcess::share(bool challenger) const {
  const Counts& counts = counts_[challenger];
  return counts.units == 0 ? 0 : static_cast<double>(counts.happened) / static_cast<double>(counts.units);
}

void ShareExcess::Restore(const State& state) {
  counts_ = state.counts;
  log_capital_ = state.log_capital;
  log_peak_ = state.log_peak;
}

}  // namespace hone
