// Guards an instance against harm: from its first live outcome to the end of the watch, is the new version worse than
// the version it replaces, or worse than the anchor (the last version that won a superiority verdict, else the first)?
//
// The loop begins one for each phase of a rollout (shadow, canary, watch), so that good rows of one phase do not excuse
// bad ones of the next. Each comparison has level alpha / 2 and a mixture that is tightest after 10 blocks of two
// horizons: within a watch of 252 rows at horizon 5 a version with twice the squared error of the one it replaced is
// taken back in 90 % of runs where the two share 90 % of their noise (tightest at 50, as in the verdict for recipes: 3
// %), a harmless one in less than 1 %; over 1,500 rows in at most 2.5 % on moving averages and 5 % on AR(0.9),
// horizon 5.
//
// The anchor stops a ratchet of small losses: a chain of refreshes each slightly worse is compared with where the chain
// began, not with the link before. Not thread-safe.
#pragma once

#include <optional>

#include "rollout/verdict.h"

namespace hone {

class HarmGuard {
 public:
  // margin: relative loss tolerated against the anchor, [0, 0.1]; alpha (0, 0.5].
  HarmGuard(int horizon, double margin, double alpha);

  enum class Against { kReplaced, kAnchor };
  struct Harm {
    Against against = Against::kReplaced;
    Judgement judgement;  // of loss(reference) - loss(version): a roll_back verdict
  };
  // One matured outcome answered by all three. Returns the harm once it is shown. A loss that is not finite comes from
  // an answer that was no number: where the version gave it and the replaced one did not, that is harm at once (verdict
  // roll_back, no evidence); a reference without an answer compares nothing.
  std::optional<Harm> Add(double version_loss, double replaced_loss, double anchor_loss);

  std::int64_t rows() const { return against_replaced_.rows(); }
  // What the rows so far say. It decides at looks only.
  Judgement Judge(Against against) const;
  // Rows at the next look.
  std::int64_t next_look(Against against) const;

  struct State {
    PairedEvidenceProcess::State against_replaced, against_anchor;
  };
  State state() const { return {against_replaced_.state(), against_anchor_.state()}; }
  void Restore(const State& state);

 private:
  // Takes the next difference; true at a look that shows it to be negative.
  bool Shown(PairedEvidenceProcess& differences, double difference) const;
  const PairedEvidenceProcess& Of(Against against) const {
    return against == Against::kReplaced ? against_replaced_ : against_anchor_;
  }

  double margin_, alpha_;
  PairedEvidenceProcess against_replaced_, against_anchor_;
};
const char* AgainstName(HarmGuard::Against against);  // "replaced", "anchor"

}  // namespace hone
