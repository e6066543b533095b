// The practice licence: is refreshing by this recipe not worse than not refreshing?
//
// On the recipe's line, pooled over all its refreshes and their walk-forward history, each matured outcome compares the
// newer version with the one it replaced: d = loss(replaced) + tolerance - loss(newer), losses being squared errors and
// tolerance ((1 + margin)^2 - 1) times the mean loss of the replaced versions so far: a margin of root mean squared
// error that does not itself fluctuate with the loss, which would triple the rows needed. The licence is granted once d
// is shown to be positive, and withdrawn once it is shown to be negative afterwards. A proof of need (need.h) grants it
// too. An answer that is no number has a loss that is not finite: where the replaced version gave it, the row is passed
// over; where the newer one did, evidence begins anew and a held licence is withdrawn. Not thread-safe.
#pragma once

#include "rollout/verdict.h"

namespace hone {

class PracticeLicence {
 public:
  // horizon: bars until an outcome matures, >= 1. margin: tolerated relative RMSE, [0, 0.5]. alpha: (0, 0.5].
  PracticeLicence(int horizon, double margin, double alpha);

  enum class Change { kNone, kGranted, kWithdrawn };
  // One matured outcome answered by both versions. Returns whether the licence changed.
  Change Add(double replaced_loss, double newer_loss);

  bool held() const { return held_; }
  // Numbers of the last look (verdict no_data before the first).
  const Judgement& judgement() const { return judgement_; }
  std::int64_t rows() const { return total_rows_; }

  struct State {
    bool held = false;
    std::int64_t rows = 0;
    PairedEvidenceProcess::State differences;
    Judgement judgement;  // of the last look
    std::int64_t replaced_rows = 0;
    double replaced_sum = 0;
  };
  State state() const { return {held_, total_rows_, differences_.state(), judgement_, replaced_rows_, replaced_sum_}; }
  void Restore(const State& state);

 private:
  Change Turn();

  int horizon_;
  double margin_, alpha_;
  bool held_ = false;
  std::int64_t total_rows_ = 0, replaced_rows_ = 0;
  double replaced_sum_ = 0;
  PairedEvidenceProcess differences_;
  Judgement judgement_;
};

}  // namespace hone
