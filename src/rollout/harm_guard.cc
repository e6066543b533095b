#include "rollout/harm_guard.h"

namespace hone {

HarmGuard::HarmGuard(int horizon, double margin, double alpha)
    : margin_(margin), alpha_(alpha), against_replaced_(horizon), against_anchor_(horizon) {}

std::optional<HarmGuard::Harm> HarmGuard::Add(double version_loss, double replaced_loss, double anchor_loss) {
  against_replaced_.Add(replaced_loss - version_loss);
  against_anchor_.Add((1 + margin_) * anchor_loss - version_loss);
  if (!against_replaced_.look_due()) return std::nullopt;
  const Judgement replaced = JudgePaired(against_replaced_, alpha_ / 2, 0);
  if (replaced.verdict == Verdict::kRollBack) return Harm{Against::kReplaced, replaced};
  const Judgement anchor = JudgePaired(against_anchor_, alpha_ / 2, 0);
  if (anchor.verdict == Verdict::kRollBack) return Harm{Against::kAnchor, anchor};
  return std::nullopt;
}

void HarmGuard::Restore(const State& state) {
  against_replaced_.Restore(state.against_replaced);
  against_anchor_.Restore(state.against_anchor);
}

const char* AgainstName(HarmGuard::Against against) {
  return against == HarmGuard::Against::kReplaced ? "replaced" : "anchor";
}

}  // namespace hone
