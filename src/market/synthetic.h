// A synthetic market whose truth is known, so that a decision can be judged against it.
//
// The log variance x of a daily bar follows a heterogeneous autoregression (Corsi 2009, "A simple approximate
// long-memory model of realized volatility"):
//   x_t = mu + a1 (x_{t-1} - mu) + a5 (mean of last 5 - mu) + a22 (mean of last 22 - mu) + s e_t,   e_t ~ N(0, 1)
// and the bar is a driftless random walk of 16 steps with variance exp(x_t) in all, which gives open, high, low and
// close; the open is the last close; volume rises with exp(x_t / 2). Bars are weekdays from 2000-01-03.
//
// Kinds:
//   calm     one regime throughout
//   break    at 45 % of the bars the level of x rises by 1.2 and its dynamics turn: (a1, a5, a22) from (0.3, 0.6,
//   -0.1),
//            volatility that persists, to (1.0, -0.8, 0), volatility that swings back within a week
//   gradual  the same change, linear over 400 bars
//   flicker  the new regime lasts 60 bars, then the old one returns
// After the break, a linear model of the log mean Parkinson variance of the next 5 bars on those of the last 1, 5 and
// 22 bars, fitted before it, has more than twice the squared error of one fitted on 250 bars after it (on average 3.5
// times); relative to the 22-bar level, which cancels the shift, still 1.3 times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "market/bar.h"

namespace hone {

struct SyntheticSpec {
  std::string kind;  // calm, break, gradual, flicker
  int bars = 1500;   // 100 to 60,000
};

// True for "synthetic:...": a data source that is no file.
bool IsSyntheticSource(std::string_view source);
// "synthetic:break" or "synthetic:break,bars=3000". Errors (kInvalidArgument) list the kinds or the range.
Result<SyntheticSpec> ParseSyntheticSpec(std::string_view text);

// Parameters of the recursion above. Stationary.
struct VarianceRegime {
  double mu, a1, a5, a22, s;
};

// Immutable after construction; const members are thread-safe.
class SyntheticMarket {
 public:
  // `spec` as ParseSyntheticSpec returns it. Same spec and seed, same bars.
  SyntheticMarket(const SyntheticSpec& spec, std::uint64_t seed);

  // `source` is the spec's text; has range and volume.
  const BarSeries& series() const { return series_; }

  // 0 the old regime, 1 the new one; in between (gradual) the share of the new. `bar` < series().bars.size().
  double regime_weight(std::size_t bar) const;
  // regime_weight rounded: 0 or 1.
  int regime_at(std::size_t bar) const;
  // First bar of the change; the number of bars for calm.
  std::size_t change_at() const { return change_at_; }

  // `count` stationary bars of the regime in force at `bar`, warmed up, from a seed stream of its own. They depend on
  // the market's seed and on regime_weight(bar) only, so a caller may keep them by weight.
  BarSeries FreshBars(std::size_t bar, int count) const;

  // E[x of the next bar | all x up to and including `bar`], under the regime in force at the next bar.
  double conditional_log_variance(std::size_t bar) const { return conditional_[bar]; }

 private:
  VarianceRegime RegimeOf(double weight) const;
  double WeightAt(std::size_t bar) const;

  SyntheticSpec spec_;
  std::uint64_t seed_;
  std::size_t change_at_;
  BarSeries series_;
  std::vector<double> conditional_;
};

}  // namespace hone
