#include "stats/sequential_multinomial.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hone {

SequentialMultinomial::SequentialMultinomial(std::vector<double> shares, double concentration)
    : shares_(std::move(shares)), concentration_(concentration), counts_(shares_.size()) {}

// The prior's prediction of this category beside its share: e's next factor.
void SequentialMultinomial::Add(std::size_t category) {
  const double share = shares_[category];
  const double predicted = (concentration_ * share + static_cast<double>(counts_[category])) /
                           (concentration_ + static_cast<double>(units_));
  log_e_ += std::log(predicted / share);
  log_peak_ = std::max(log_peak_, log_e_);
  ++counts_[category];
  ++units_;
}

double SequentialMultinomial::p_value() const { return std::exp(-log_peak_); }

void SequentialMultinomial::Restore(const State& state) {
  counts_ = state.counts;
  counts_.resize(shares_.size());
  units_ = std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
  log_e_ = state.log_e;
  log_peak_ = state.log_peak;
}

}  // namespace hone
