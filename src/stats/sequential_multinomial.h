// Do counts come in the shares they should, looked at whenever one likes? (Lindon and Malek, "Anytime-valid inference
// for multinomial count data", NeurIPS 2022, section 3.)
//
// Under the shares p the i-th unit falls into category j with probability p_j, whatever came before. Against it stands
// the mixture of all other shares with a Dirichlet(c p) prior; with x the counts of n units the evidence is
//
//   e = Gamma(c) / Gamma(c + n) * prod_j Gamma(c p_j + x_j) / Gamma(c p_j) / p_j^x_j
//
// a martingale under p, so that P(e ever reaches 1 / alpha) <= alpha (Ville): valid at any stopping time. It grows as
// exp(n KL(true shares, p)) under any others. The rule: `log_peak >= log(1 / alpha)` is proof of other shares.
//
// The units must be what is assigned at random, each once: where all requests of a key go where the key goes, keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hone {

// O(1) per unit. Not thread-safe.
class SequentialMultinomial {
 public:
  // shares: each above 0, 1 together. concentration > 0, the prior's weight in units: the larger, the sooner small
  // deviations are seen and the later large ones.
  explicit SequentialMultinomial(std::vector<double> shares, double concentration = 100);

  // The next unit's category, below shares().size().
  void Add(std::size_t category);

  const std::vector<double>& shares() const { return shares_; }
  std::int64_t units() const { return units_; }
  std::int64_t count(std::size_t category) const { return counts_[category]; }
  // Natural logarithms of e now and at its largest.
  double log_e() const { return log_e_; }
  double log_peak() const { return log_peak_; }
  // The p-value at any stopping time: 1 / e at its largest, at most 1.
  double p_value() const;

  struct State {
    std::vector<std::int64_t> counts;
    double log_e = 0, log_peak = 0;
  };
  State state() const { return {counts_, log_e_, log_peak_}; }
  // `state` of a test of as many shares, which goes on to the bit.
  void Restore(const State& state);

 private:
  std::vector<double> shares_;
  double concentration_;
  std::vector<std::int64_t> counts_;
  std::int64_t units_ = 0;
  double log_e_ = 0, log_peak_ = 0;
};

}  // namespace hone
