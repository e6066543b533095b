// Prewhitened ranks: the detector for values that depend on one another, and the default of `hone drift watch`.
//
// The first `reference` values of the stream are what the rest is held to. Four channels are watched, of each value x
// and of what is new in it, e, its residual under an autoregression fitted to the reference:
//
//   rank(x), |rank(x)|, rank(e), |rank(e)|     rank: share of the reference below, less 1/2; ties count half
//
// the ranks for a mean that moved, their sizes for a spread that did. In the reference a channel has mean m and
// long-run variance v of a row: the larger of tau s^2 (Sokal's autocorrelation time, stats/effective_sample_size.h) and
// of k times the variance of means of k = 2, 4, 8 ... rows (at least 12 of them, stats/paired_evidence.h), known from d
// blocks. A channel with reference / tau, tau = v / s^2, below `minimum_effective` is not judged, nor is the mean of e
// where the level's is below half of it; where none is, the answer is no_data and needed_rows says how many would do.
//
// Rows are summed from many starts: one every `restart` rows, old ones thinned out so that O(log n) remain. A start s
// whose n rows sum to S (less n m) alarms when
//
//   |S| > n L + sqrt(2 v (n + g) (b + 1/2 log((n + g) / g))),    L = margin + 2 sqrt(v / reference)
//
// The root is the boundary of a normal mixture (Robbins 1970), sharpest at g = 25 tau rows, which a sum without drift
// ever crosses with probability exp(-b). exp(-b) is alpha_s = alpha / (C s (s + 1)) for C channels, so that all starts
// together spend alpha; as v is an estimate, b is that of a Student variable of d degrees of freedom,
// d/2 (alpha_s^(-2/d) - 1), and so is the 2 in L, which is what the mean of the reference may itself be wrong by.
//
// Calibrated by simulation, not proven: rates of false alarms, delays and power are in
// docs/reference/streaming_drift.md, held by prewhitened_ranks_simulation_test.cc.
//
// Memory O(reference + log n); a value costs O(log reference + log n).
#pragma once

#include <cstdint>
#include <memory>

#include "drift/stream_detector.h"

namespace hone {

struct PrewhitenedRanksConfig {
  std::int64_t reference = 1000;  // [50, 1e6]: values
  double alpha = 0.05;            // (0, 0.5]: probability that a stream without change ever alarms
  double margin = 0;              // [0, 0.5): a mean rank that moved by no more is no drift; 0.028 is 0.1 deviations
  std::int64_t order = 5;         // [0, 50]: of the autoregression
  std::int64_t restart = 25;      // [1, 1e6]
  double minimum_effective = 50;  // [10, 1e9]
};

// A drift is described by the channel whose sum is largest against its v, sums of ranks counting double. Up and down
// come with the means of the reference and since the start that alarmed, wider and narrower with the standard
// deviations, of the residuals where it is they that changed. After a drift the next values are the reference.
std::unique_ptr<StreamDetector> MakePrewhitenedRanks(const PrewhitenedRanksConfig& config);

}  // namespace hone
