// Guards an instance against harm: from its first live outcome to the end of the watch, is the new version worse than
// the version it replaces, or worse than the anchor (the last version that won a superiority verdict, else the first)?
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
  // One matured outcome answered by all three. Returns the harm once it is shown.
  std::optional<Harm> Add(double version_loss, double replaced_loss, double anchor_loss);

  std::int64_t rows() const { return against_replaced_.rows(); }

  struct State {
    PairedEvidenceProcess::State against_replaced, against_anchor;
  };
  State state() const { return {against_replaced_.state(), against_anchor_.state()}; }
  void Restore(const State& state);

 private:
  double margin_, alpha_;
  PairedEvidenceProcess against_replaced_, against_anchor_;
};
const char* AgainstName(HarmGuard::Against against);  // "replaced", "anchor"

}  // namespace hone
