#include "rollout/verdict.h"

#include <algorithm>
#include <cmath>

namespace hone {

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNoData: return "no_data";
    case Verdict::kHold: return "hold";
    case Verdict::kAdvance: return "advance";
    case Verdict::kRollBack: return "roll_back";
  }
  return "hold";
}

const char* QuestionName(Question question) { return question == Question::kRefresh ? "refresh" : "recipe"; }

Judgement JudgePaired(const PairedEvidenceProcess& differences, double alpha, std::int64_t minimum_rows) {
  Judgement judgement;
  judgement.alpha = alpha;
  judgement.threshold = -std::log(2 * alpha);
  judgement.evidence = differences.Evaluate(alpha);
  if (judgement.evidence.blocks == 0 || judgement.evidence.rows < minimum_rows) return judgement;
  judgement.verdict = Verdict::kHold;
  if (judgement.evidence.log_e >= judgement.threshold) {
    judgement.verdict = judgement.evidence.mean > 0 ? Verdict::kAdvance : Verdict::kRollBack;
  }
  return judgement;
}

std::optional<Judgement> ProvenBetter(const PairedEvidenceProcess& differences, const PairedEvidenceProcess& recent,
                                      double alpha, std::int64_t minimum_rows) {
  if (!differences.look_due() || differences.mean() <= 0 || RecentGain(recent) <= 0) return std::nullopt;
  const Judgement judgement = JudgePaired(differences, alpha, minimum_rows);
  if (judgement.verdict != Verdict::kAdvance) return std::nullopt;
  return judgement;
}

std::int64_t NextLook(const PairedEvidenceProcess& differences) {
  const std::int64_t every = 2 * std::int64_t{differences.horizon()};
  return std::max(12 * every, (differences.rows() / every + 1) * every);
}

double RecentGain(const PairedEvidenceProcess& differences) {
  return differences.MeanOfLast(differences.recent_capacity());
}

}  // namespace hone
