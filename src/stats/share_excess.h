// Does something happen to a larger share of the challenger's units than of the champion's, by more than a margin,
// looked at whenever one likes? Units are assigned at random with known probability; what happens to each is yes or no.
//
// With p the probability that the unit went to the challenger and y = 1 where it happened, else 0,
//
//   z = y (1{challenger} / p - 1{champion} / (1 - p)) - margin
//
// has, whatever came before, the mean "probability of y under the challenger less that under the champion, less the
// margin" (inverse propensity weighting). Where that is never above 0, betting on it loses: each capital
// prod (1 + l z), l in (0, 1 / (1 / (1 - p) + margin)), is a supermartingale, and so is the mean of ten of them, l =
// its largest value / 2, / 4, ... / 1024. So P(the mean ever reaches 1 / alpha) <= alpha (Ville), at any stopping time,
// also where the shares move with the hour, for both arms have the same hours (Waudby-Smith and Ramdas, "Estimating
// means of bounded random variables by betting", arXiv 2010.09686; with propensities: Waudby-Smith, Wu, Ramdas,
// Karampatziakis and Mineiro, "Anytime-valid off-policy inference for contextual bandits", arXiv 2210.10768).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace hone {

// O(1) per unit, fixed memory. Not thread-safe.
class ShareExcess {
 public:
  // challenger_share: p, (0, 1). margin: [0, 1).
  ShareExcess(double challenger_share, double margin);

  void Add(bool challenger, bool happened);

  std::int64_t units(bool challenger) const { return counts_[challenger].units; }
  std::int64_t happened(bool challenger) const { return counts_[challenger].happened; }
  // Share of that arm's units; 0 without any.
  double share(bool challenger) const;
  double margin() const { return margin_; }
  // Natural logarithm of the mean capital at its largest: `>= log(1 / alpha)` is proof of a larger excess.
  double log_peak() const { return log_peak_; }

  static constexpr std::size_t kBets = 10;
  struct Counts {
    std::int64_t units = 0, happened = 0;
  };
  struct State {
    std::array<Counts, 2> counts{};           // champion, challenger
    std::array<double, kBets> log_capital{};  // by bet, the largest first
    double log_peak = 0;
  };
  State state() const { return {counts_, log_capital_, log_peak_}; }
  // `state` of a test of the same share and margin, which goes on to the bit.
  void Restore(const State& state);

 private:
  double LogMeanCapital() const;

  double challenger_share_, margin_;
  std::array<Counts, 2> counts_{};
  std::array<double, kBets> bets_{}, log_capital_{};
  double log_peak_ = 0;
};

}  // namespace hone
