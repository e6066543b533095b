#include "rollout/practice.h"

#include <cmath>

namespace hone {

PracticeLicence::PracticeLicence(int horizon, double margin, double alpha)
    : horizon_(horizon), margin_(margin), alpha_(alpha), differences_(horizon) {}

PracticeLicence::Change PracticeLicence::Add(double replaced_loss, double newer_loss) {
  if (!std::isfinite(replaced_loss)) return Change::kNone;
  ++total_rows_;
  if (!std::isfinite(newer_loss)) {
    differences_ = PairedEvidenceProcess(horizon_);
    judgement_ = JudgePaired(differences_, alpha_, 0);
    return held_ ? Turn() : Change::kNone;
  }
  differences_.Add((1 + margin_) * replaced_loss - newer_loss);
  if (!differences_.look_due()) return Change::kNone;
  judgement_ = JudgePaired(differences_, alpha_, 0);
  const Verdict decisive = held_ ? Verdict::kRollBack : Verdict::kAdvance;
  return judgement_.verdict == decisive ? Turn() : Change::kNone;
}

PracticeLicence::Change PracticeLicence::Turn() {
  held_ = !held_;
  differences_ = PairedEvidenceProcess(horizon_);  // each turn of the licence is earned on evidence of its own
  return held_ ? Change::kGranted : Change::kWithdrawn;
}

void PracticeLicence::Restore(const State& state) {
  held_ = state.held;
  total_rows_ = state.rows;
  differences_.Restore(state.differences);
}

}  // namespace hone
