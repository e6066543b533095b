// Text names of the record enumerations: one table per enum, used by storage, CLI and API alike.
#include <fmt/format.h>

#include "records/access_token.h"
#include "records/decision.h"
#include "records/drift_event.h"
#include "records/prediction.h"
#include "records/version_record.h"

namespace hone {

const char* RoleName(Role role) {
  switch (role) {
    case Role::kChampion: return "champion";
    case Role::kCanary: return "canary";
    case Role::kFallback: return "fallback";
  }
  return "champion";
}

const char* AccessRoleName(AccessRole role) {
  switch (role) {
    case AccessRole::kNone: return "none";
    case AccessRole::kRead: return "read";
    case AccessRole::kPredict: return "predict";
    case AccessRole::kOperate: return "operate";
  }
  return "none";
}

const char* DecisionKindName(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kActivate: return "activate";
    case DecisionKind::kRetrain: return "retrain";
    case DecisionKind::kReject: return "reject";
    case DecisionKind::kShadow: return "shadow";
    case DecisionKind::kAdvance: return "advance";
    case DecisionKind::kPromote: return "promote";
    case DecisionKind::kRollBack: return "roll_back";
    case DecisionKind::kGrantLicence: return "grant_licence";
    case DecisionKind::kWithdrawLicence: return "withdraw_licence";
    case DecisionKind::kFreeze: return "freeze";
    case DecisionKind::kStartAbTest: return "start_ab_test";
    case DecisionKind::kEndAbTest: return "end_ab_test";
    case DecisionKind::kPause: return "pause";
    case DecisionKind::kResume: return "resume";
    case DecisionKind::kAbort: return "abort";
    case DecisionKind::kFreezeRollouts: return "freeze_rollouts";
    case DecisionKind::kUnfreezeRollouts: return "unfreeze_rollouts";
    case DecisionKind::kAlert: return "alert";
  }
  return "alert";
}

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kNone: return "none";
    case Severity::kLow: return "low";
    case Severity::kMedium: return "medium";
    case Severity::kHigh: return "high";
    case Severity::kCritical: return "critical";
  }
  return "none";
}

const char* DriftKindName(DriftKind kind) {
  switch (kind) {
    case DriftKind::kFeature: return "feature";
    case DriftKind::kPrediction: return "prediction";
    case DriftKind::kPerformance: return "performance";
  }
  return "feature";
}

const char* StageName(Stage stage) {
  switch (stage) {
    case Stage::kTraining: return "training";
    case Stage::kStaging: return "staging";
    case Stage::kShadow: return "shadow";
    case Stage::kCanary: return "canary";
    case Stage::kActive: return "active";
    case Stage::kRetired: return "retired";
    case Stage::kRejected: return "rejected";
    case Stage::kFailed: return "failed";
  }
  return "failed";
}

bool IsFinished(Stage stage) { return stage == Stage::kRejected || stage == Stage::kFailed; }

const char* ChangeTypeName(ChangeType change) {
  switch (change) {
    case ChangeType::kArchitecture: return "architecture";
    case ChangeType::kHyperparameter: return "hyperparameter";
    case ChangeType::kRetrain: return "retrain";
    case ChangeType::kBugfix: return "bugfix";
    case ChangeType::kData: return "data";
  }
  return "data";
}

std::string VersionNumber::ToString() const {
  return fmt::format("{}.{}.{}", major_number, minor_number, patch_number);
}

}  // namespace hone
