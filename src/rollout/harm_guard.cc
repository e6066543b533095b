#include "rollout/harm_guard.h"

#include <cmath>

namespace hone {
HarmGuard::HarmGuard(int horizon, double margin, double alpha)
    : margin_(margin), alpha_(alpha), against_replaced_(horizon, kTightestAt), against_anchor_(horizon, kTightestAt) {}

std::optional<HarmGuard::Harm> HarmGuard::Add(double version_loss, double replaced_loss, double anchor_loss) {
  if (!std::isfinite(version_loss)) {
    if (!std::isfinite(replaced_loss)) return std::nullopt;
    return Harm{Against::kReplaced, {Verdict::kRollBack, {}, alpha_ / 2, 0}};
  }
  if (std::isfinite(replaced_loss) && Shown(against_replaced_, replaced_loss - version_loss)) {
    return Harm{Against::kReplaced, JudgePaired(against_replaced_, alpha_ / 2, 0)};
  }
  if (std::isfinite(anchor_loss) && Shown(against_anchor_, (1 + margin_) * anchor_loss - version_loss)) {
    return Harm{Against::kAnchor, JudgePaired(against_anchor_, alpha_ / 2, 0)};
  }
  return std::nullopt;
}

bool HarmGuard::Shown(PairedEvidenceProcess& differences, double difference) const {
  differences.Add(difference);
  return differences.look_due() && JudgePaired(differences, alpha_ / 2, 0).verdict == Verdict::kRollBack;
}

Judgement HarmGuard::Judge(Against against) const { return JudgePaired(Of(against), alpha_ / 2, 0); }

std::int64_t HarmGuard::next_look(Against against) const { return NextLook(Of(against)); }

void HarmGuard::Restore(const State& state) {
  against_replaced_.Restore(state.against_replaced);
  against_anchor_.Restore(state.against_anchor);
}

const char* AgainstName(HarmGuard::Against against) {
  return against == HarmGuard::Against::kReplaced ? "replaced" : "anchor";
}

}  // namespace hone
