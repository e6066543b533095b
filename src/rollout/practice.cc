#include "rollout/practice.h"

#include <cmath>

namespace hone {

PracticeLicence::PracticeLicence(int horizon, double margin, double alpha)
    : horizon_(horizon), margin_(margin), alpha_(alpha), differences_(horizon, kTightestAt) {}

PracticeLicence::Change PracticeLicence::Add(double replaced_loss, double newer_loss) {
  if (!std::isfinite(replaced_loss)) return Change::kNone;
  ++total_rows_;
  if (!std::isfinite(newer_loss)) {
    differences_ = PairedEvidenceProcess(horizon_, kTightestAt);
    judgement_ = JudgePaired(differences_, alpha_, 0);
    return held_ ? Turn() : Change::kNone;
  }
  replaced_sum_ += replaced_loss;
  ++replaced_rows_;
  const double tolerated = ((1 + margin_) * (1 + margin_) - 1) * replaced_sum_ / static_cast<double>(replaced_rows_);
  differences_.Add(replaced_loss + tolerated - newer_loss);
  if (!differences_.look_due()) return Change::kNone;
  judgement_ = JudgePaired(differences_, alpha_, 0);
  const Verdict decisive = held_ ? Verdict::kRollBack : Verdict::kAdvance;
  return judgement_.verdict == decisive ? Turn() : Change::kNone;
}

PracticeLicence::Change PracticeLicence::Turn() {
  held_ = !held_;
  differences_ =
      PairedEvidenceProcess(horizon_, kTightestAt);  // each turn of the licence is earned on evidence of its own
  return held_ ? Change::kGranted : Change::kWithdrawn;
}

void PracticeLicence::Restore(const State& state) {
  held_ = state.held;
  total_rows_ = state.rows;
  replaced_rows_ = state.replaced_rows;
  replaced_sum_ = state.replaced_sum;
  differences_.Restore(state.differences);
  judgement_ = state.judgement;
}

}  // namespace hone
