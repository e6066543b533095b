// The recipe question: which line, if any, has proven itself better than what was served?
//
// Every candidate line is paired with the served answers. In the s-th championship each of K candidates is judged at
// alpha / (s (s + 1)) / K, evidence restarted at each championship, so that over any number of championships the chance
// of ever advancing a candidate that is no better stays below alpha (the sum of 1 / (s (s + 1)) is 1).
//
// A candidate has several starts of evidence, because rows from before a break dilute what came after it: half of its
// level goes to the evidence since the championship began, the other half is spent over fresh starts, the j-th at
// 1 / (j (j + 1)) of it, of which the newest two run. The loop makes a fresh start when it has retrained because
// something changed. A candidate must also lead over the last max(60, 12 horizons) rows: evidence from before a
// reversal alone advances nobody. Not thread-safe.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "rollout/verdict.h"

namespace hone {

class Championship {
 public:
  // candidates: number of lines, >= 1; horizon >= 1; alpha (0, 0.5]; minimum_rows: matured outcomes before any verdict.
  Championship(int candidates, int horizon, double alpha, std::int64_t minimum_rows);

  // Same outcome, all lines: served loss, and one loss a candidate (size candidates). `eligible[i]` is false where the
  // line is the champion itself or has no version yet; its evidence does not grow. A loss that is not finite comes from
  // an answer that was no number: a row without a served answer compares nothing and is passed over, a candidate
  // without one loses its evidence.
  void Add(double served_loss, const std::vector<double>& losses, const std::vector<bool>& eligible);

  struct Winner {
    int candidate = -1;
    Judgement judgement;     // of the start that decided
    double recent_gain = 0;  // mean over the last max(60, 12 horizons) rows
    int start = 0;           // 0: since the championship began; j: the j-th fresh start
  };
  // At a look: the candidate with the largest recent gain among those proven better; none otherwise.
  std::optional<Winner> Look() const;
  // Numbers of one candidate now, since the championship began.
  Judgement Judge(int candidate) const;
  double RecentGain(int candidate) const { return hone::RecentGain(whole(candidate)); }
  std::int64_t rows(int candidate) const { return whole(candidate).rows(); }

  // Fresh evidence from here, beside what there is: something changed.
  void FreshStart();
  // A new champion: the next championship begins, without evidence.
  void Restart();
  // Forgets one candidate's evidence (its rollout failed, or it became the champion's own refresh). New evidence is a
  // new chance, so it costs: four fifths of a candidate's level go to its first evidence, four fifths of the rest to
  // the next, and so on.
  void Forget(int candidate);

  int number() const { return state_.number; }

  // Evidence since one start, of every candidate.
  struct Start {
    int number = 0;  // 0: the whole championship
    std::vector<PairedEvidenceProcess> lines;
  };
  struct State {
    int number = 1, starts = 0;
    std::deque<Start> running;
    std::vector<int> forgotten;  // by candidate: times its evidence was forgotten in this championship
  };
  const State& state() const { return state_; }
  int horizon() const { return horizon_; }
  // `state` of a championship with as many candidates.
  void Restore(State state);

 private:
  const PairedEvidenceProcess& whole(int candidate) const {
    return state_.running.front().lines[static_cast<std::size_t>(candidate)];
  }
  double AlphaOf(const Start& start, std::size_t candidate) const;
  Start EmptyStart(int number) const;
  void Consider(const Start& start, int candidate, std::optional<Winner>& best) const;

  std::size_t candidates_;
  int horizon_;
  double alpha_;
  std::int64_t minimum_rows_;
  State state_;
};

}  // namespace hone
