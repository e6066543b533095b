// Prediction intervals whose coverage is learned from past errors, whatever the model: prediction +- a score, the score
// being an order statistic of past absolute errors (conformal_scores.h).
//
// Split conformal (Papadopoulos et al. 2002): the first `window` errors, for good. Covers exchangeable rows at least at
// the level, and says nothing once they change.
//
// Adaptive conformal (Gibbs and Candes 2021, their DtACI of 2022, arXiv 2208.08401): the newest `window` errors, and
// the share of misses asked for, m, follows the misses there were: of each speed g in `speeds`, m_g += g (miss -
// [missed at m_g]). What is asked for is the mean of the m_g, weighted by exp(-eta loss), loss the pinball loss of m_g
// at the largest miss that would have held the outcome, weights shared by sigma = 1 / 2I; I = `memory` rows.
#pragma once

#include <cstddef>
#include <vector>

#include "stats/conformal_scores.h"
#include "stats/interval.h"

namespace hone {

struct ConformalTerms {
  double coverage = 0.9;  // (0, 1)
  bool adaptive = true;
  std::size_t window = 250;  // >= 1: past errors
  std::vector<double> speeds = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128};
  double memory = 500;  // >= 1: rows over which the best speed may change
};

// What was given for one prediction; kept until its outcome is learned.
struct GivenInterval {
  Interval interval;
  double prediction = 0;
  std::vector<double> reaches;  // by speed; none while there were too few errors for the coverage
};

// A stream of predictions and, in whatever order and however late, of their outcomes: each is judged by what was given
// for it. (Judged by the errors known when it arrives, late outcomes of dependent errors look better covered than they
// were: 0.85 instead of 0.90 at AR(0.9), five rows late.) Memory O(window). Not thread-safe.
class ConformalIntervals {
 public:
  explicit ConformalIntervals(const ConformalTerms& terms);

  // Unbounded while there are too few errors for the coverage, and where an adaptive one asks for no miss at all.
  GivenInterval Give(double prediction) const;
  void Learn(const GivenInterval& given, double outcome);

  // The share of misses asked for now; may leave [0, 1].
  double miss() const;
  std::size_t errors() const { return scores_.size(); }

  // What was learned, for another object of the same terms.
  struct State {
    std::vector<double> errors;           // >= 0, oldest first
    std::vector<double> misses, weights;  // by speed; where they are not, what Restore leaves as it is at the beginning
  };
  State state() const;
  // Into an object that has learned nothing.
  void Restore(const State& state);

 private:
  void Adapt(const GivenInterval& given, double score);

  ConformalTerms terms_;
  ConformalScores scores_;
  std::vector<double> misses_, weights_;  // by speed
};

}  // namespace hone
