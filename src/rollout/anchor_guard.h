// Guards a chain of refreshes: are the champions since the anchor (the last version that won a superiority verdict,
// else the first), taken together, worse than the anchor by more than the margin?
//
// The harm guard begins anew with each phase of each rollout, so a chain of small losses gives none of its guards
// enough rows. This evidence goes on from champion to champion, (1 + margin) loss(anchor) - loss(champion) on every row
// that both answered, at level alpha / 2, and begins anew only with the anchor. Sixty refreshes each 1 % worse end
// at 1.2 to 1.4 times the loss they began with, at 1.82 without a guard. Not thread-safe.
#pragma once

#include <optional>

#include "rollout/verdict.h"

namespace hone {

class AnchorGuard {
 public:
  // horizon >= 1; margin: relative loss tolerated, [0, 0.1]; alpha (0, 0.5].
  AnchorGuard(int horizon, double margin, double alpha);

  // One matured outcome answered by a champion that is not the anchor, and by the anchor. Losses that are not finite
  // are passed over. Returns the judgement (a roll_back verdict) once harm is shown.
  std::optional<Judgement> Add(double champion_loss, double anchor_loss);
  // Another anchor, or the champion has been taken back to it.
  void Restart();
  std::int64_t rows() const { return evidence_.rows(); }

  PairedEvidenceProcess::State state() const { return evidence_.state(); }
  void Restore(const PairedEvidenceProcess::State& state) { evidence_.Restore(state); }

 private:
  int horizon_;
  double margin_, alpha_;
  PairedEvidenceProcess evidence_;
};

}  // namespace hone
