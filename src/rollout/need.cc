#include "rollout/need.h"

#include <cmath>

namespace hone {

NeedEvidence::NeedEvidence(int horizon, double alpha, std::int64_t minimum_rows)
    : horizon_(horizon),
      alpha_(alpha),
      minimum_rows_(minimum_rows),
      state_{false, 0, false, PairedEvidenceProcess(horizon, kTightestAt)} {}

void NeedEvidence::OnAlarm() { state_.open = true; }

void NeedEvidence::OnRefit() {
  if (!state_.open || state_.running) return;
  state_.running = true;
  ++state_.begun;
  state_.evidence = PairedEvidenceProcess(horizon_, kTightestAt);
}

void NeedEvidence::Add(double served_loss, double refit_loss) {
  if (state_.running && std::isfinite(served_loss) && std::isfinite(refit_loss)) {
    state_.evidence.Add(served_loss - refit_loss);
  }
}

void NeedEvidence::Close() { state_ = {false, state_.begun, false, PairedEvidenceProcess(horizon_, kTightestAt)}; }

std::optional<NeedEvidence::Proof> NeedEvidence::Look() const {
  const PairedEvidenceProcess& evidence = state_.evidence;
  if (!state_.running || !evidence.look_due()) return std::nullopt;
  const double recent_gain = evidence.MeanOfLast(evidence.recent_capacity());
  const double alpha = alpha_ / (static_cast<double>(state_.begun) * (state_.begun + 1));
  const Judgement judgement = JudgePaired(evidence, alpha, minimum_rows_);
  if (judgement.verdict != Verdict::kAdvance || recent_gain <= 0) return std::nullopt;
  return Proof{judgement, recent_gain, state_.begun};
}

}  // namespace hone
