// The recipe question: which line, if any, has proven itself better than what was served?
//
// Every candidate line is paired with the served answers. In the s-th championship each of K candidates is judged at
// alpha / (s (s + 1)) / K, evidence restarted at each championship, so that over any number of championships the chance
// of ever advancing a candidate that is no better stays below alpha (sum of 1 / (s (s + 1)) = 1). A candidate must also
// lead over the last max(60, 12 horizons) rows: evidence from before a reversal alone advances nobody. Not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "rollout/verdict.h"

namespace hone {

class Championship {
 public:
  // candidates: number of lines, >= 1; horizon >= 1; alpha (0, 0.5]; minimum_rows: matured outcomes before any verdict.
  Championship(int candidates, int horizon, double alpha, std::int64_t minimum_rows);

  // Same outcome, all lines: served loss, and one loss a candidate (size candidates). `eligible[i]` is false where the
  // line is the champion itself or has no version yet; its evidence does not grow.
  void Add(double served_loss, const std::vector<double>& losses, const std::vector<bool>& eligible);

  struct Winner {
    int candidate = -1;
    Judgement judgement;
    double recent_gain = 0;  // mean over the last max(60, 12 horizons) rows
  };
  // At a look: the candidate with the largest mean gain among those proven better; none otherwise.
  std::optional<Winner> Look() const;
  // Numbers of one candidate now.
  Judgement Judge(int candidate) const;
  double RecentGain(int candidate) const;
  double MeanGain(int candidate) const { return lines_[static_cast<std::size_t>(candidate)].mean(); }
  std::int64_t rows(int candidate) const { return lines_[static_cast<std::size_t>(candidate)].rows(); }

  // A new champion: the next championship begins, without evidence.
  void Restart();
  // Forgets one candidate's evidence (its rollout failed).
  void Forget(int candidate);

  int number() const { return number_; }

  struct State {
    int number = 1;
    std::vector<PairedEvidenceProcess::State> lines;
  };
  State state() const;
  // `state` of a championship with as many candidates.
  void Restore(const State& state);
  double candidate_alpha() const;

 private:
  int horizon_;
  double alpha_;
  std::int64_t minimum_rows_;
  int number_ = 1;
  std::vector<PairedEvidenceProcess> lines_;
};

}  // namespace hone
