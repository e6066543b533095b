// How the rollout of a model stands, read from a checkpoint of its loop (ImprovementLoop::SaveState): of the running
// loop as of this moment, of a store as of the last decision.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "engine/live_store.h"
#include "rollout/harm_guard.h"
#include "rollout/rollout_policy.h"

namespace hone {

enum class RolloutState : std::uint8_t {
  kNone,     // nothing is on release or watched
  kShadow,   // the version scores every request and answers none
  kCanary,   // it answers a share of them
  kWaiting,  // the next step has a gate: a person lets it through
  kPaused,   // a person halted it
  kWatched,  // it was promoted and is under the harm guard
};
const char* RolloutStateName(RolloutState state);  // "none", "shadow", "canary", "waiting", "paused", "watched"

// One comparison of the harm guard, since its phase began.
struct GuardStatus {
  HarmGuard::Against against = HarmGuard::Against::kReplaced;
  std::string version;         // compared with
  Judgement judgement;         // so far; it decides at looks only
  std::int64_t next_look = 0;  // rows
};

// What is on release, or was promoted and is watched.
struct ReleaseStatus {
  std::string version;
  std::optional<Question> question;  // of what is on release, as all up to `because`
  std::optional<Time> started;
  std::optional<Time> step_began;
  std::string because;               // JSON of what let it begin; "" where it is over
  int step = 0, scored = 0;          // 0: shadow; requests scored in this step
  double share = 1;                  // of the requests that it answers
  std::optional<double> next_share;  // of the next step
  std::int64_t outcomes = 0;         // matured since its phase began
  GuardStatus replaced, anchor;
};

struct RolloutStatus {
  std::string model, champion;  // "" before there is one
  RolloutState state = RolloutState::kNone;
  bool frozen = false;  // no rollout begins until a person unfreezes them
  int rollbacks_in_a_row = 0;
  std::optional<ReleaseStatus> release;  // none in state kNone
};

// kCorrupt where `checkpoint` is none. `horizon` is the model's.
Result<RolloutStatus> ReadRolloutStatus(const std::string& model, int horizon, const RolloutPolicy& policy,
                                        std::string_view checkpoint);

// That of the store, as of the last decision; nothing for a model without a loop. kNotFound, kCorrupt.
Result<std::optional<RolloutStatus>> StoredRollout(LiveStore& store, const std::string& model,
                                                   const RolloutPolicy& policy);

}  // namespace hone
