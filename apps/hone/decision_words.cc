#include "hone/decision_words.h"

namespace hone {

const char* DecisionWord(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kActivate: return "activated";
    case DecisionKind::kRetrain: return "retrained";
    case DecisionKind::kReject: return "refused";
    case DecisionKind::kShadow: return "in shadow";
    case DecisionKind::kAdvance: return "canary";
    case DecisionKind::kPromote: return "promoted";
    case DecisionKind::kRollBack: return "rolled back";
    case DecisionKind::kGrantLicence: return "licence";
    case DecisionKind::kWithdrawLicence: return "licence lost";
    case DecisionKind::kFreeze: return "frozen";
    case DecisionKind::kStartAbTest: return "in A/B test";
    case DecisionKind::kEndAbTest: return "A/B test ended";
    case DecisionKind::kPause: return "paused";
    case DecisionKind::kResume: return "resumed";
    case DecisionKind::kAbort: return "aborted";
    case DecisionKind::kFreezeRollouts: return "rollouts frozen";
    case DecisionKind::kUnfreezeRollouts: return "rollouts unfrozen";
    case DecisionKind::kAlert: return "alert";
  }
  return "";
}

}  // namespace hone
