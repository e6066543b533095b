#include "rollout/anchor_guard.h"

#include <cmath>

namespace hone {

AnchorGuard::AnchorGuard(int horizon, double margin, double alpha)
    : horizon_(horizon), margin_(margin), alpha_(alpha), evidence_(horizon, kTightestAt) {}

std::optional<Judgement> AnchorGuard::Add(double champion_loss, double anchor_loss) {
  if (!std::isfinite(champion_loss) || !std::isfinite(anchor_loss)) return std::nullopt;
  evidence_.Add((1 + margin_) * anchor_loss - champion_loss);
  if (!evidence_.look_due()) return std::nullopt;
  const Judgement judgement = JudgePaired(evidence_, alpha_ / 2, 0);
  if (judgement.verdict != Verdict::kRollBack) return std::nullopt;
  return judgement;
}

void AnchorGuard::Restart() { evidence_ = PairedEvidenceProcess(horizon_, kTightestAt); }

}  // namespace hone
