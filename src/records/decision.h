// An act of hone, or of an operator through it, with its evidence. The log of decisions only grows.
#pragma once

#include <cstdint>
#include <string>

#include "base/id.h"
#include "base/time.h"

namespace hone {

enum class DecisionKind : std::uint8_t {
  kActivate,          // the first champion of a model
  kRetrain,           // a retraining job was started
  kReject,            // a trained version failed validation, twin check or smoke test
  kShadow,            // a version began to answer in shadow
  kAdvance,           // a rollout moved to its next step
  kPromote,           // a rollout made a version active
  kRollBack,          // a version was taken back (from canary, or from active to the one before)
  kGrantLicence,      // a recipe proved the practice of refreshing
  kWithdrawLicence,   // and lost it
  kFreeze,            // persistence beats the champion: it answers until a version earns its place
  kStartAbTest,       // live traffic was split between versions
  kEndAbTest,         // and no longer is: by hand, or because the active version changed
  kPause,             // a rollout stands still: a person wants it, or a gate of the policy
  kResume,            // and goes on
  kAbort,             // a rollout was ended before its end, proven nothing: by a person, or by the policy's deadline
  kFreezeRollouts,    // too many automatic roll backs in a row: the version that answers stays until a person looks
  kUnfreezeRollouts,  // a person looked
  kAlert,             // something a person should look at
};
// "activate", "retrain", "reject", "shadow", "advance", "promote", "roll_back", "grant_licence", "withdraw_licence",
// "freeze", "start_ab_test", "end_ab_test", "pause", "resume", "abort", "freeze_rollouts", "unfreeze_rollouts", "alert"
const char* DecisionKindName(DecisionKind kind);

struct Decision {
  Id id;
  Time time = 0;
  DecisionKind kind = DecisionKind::kAlert;
  std::string model;
  std::string version;   // the version acted on; "" where none
  std::string reason;    // one sentence a person can read
  std::string evidence;  // a JSON object: every number the act rests on
};

}  // namespace hone
