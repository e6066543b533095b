// What an A/B test has shown so far, and what its verdict is, for the decisions that rest on it.
//
// The verdict rests on the first 10,000 counted units (rollout/counted_units.h), each with the answer it got and the
// arm it was assigned to, in the order in which outcomes became known and mature; each challenger's losses are weighed
// against the champion's (rollout/split_comparison.h) at the level of the policy the test began under, divided by the
// challengers. Where the shares follow a bandit there is no verdict. A proven mismatch of the shares makes it no_data,
// a broken guardrail the challenger's roll_back.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/live_store.h"
#include "records/ab_test.h"
#include "rollout/split_comparison.h"

namespace hone {

struct AbTestChallenger {
  std::string version;
  Verdict verdict = Verdict::kNoData;
  std::string reason;  // "" where the losses alone say so
  TrialAnswer losses;  // squared errors saved against the champion
  RunningMoments champion_losses, challenger_losses;
};

struct AbTestVerdict {
  Verdict verdict = Verdict::kNoData;  // advance: `winner` is proven better
  std::string reason;
  std::string winner;  // the first proven better; ""
  std::vector<AbTestChallenger> challengers;
  std::optional<SplitRecord> split;  // none where nothing was counted yet
};

// On the thread that owns the store. kCorrupt.
Result<AbTestVerdict> JudgeAbTest(LiveStore& store, const AbTest& test, Time now);

// {"id","started","looked_at",
//  "arms":[{"version","share","answered","outcomes","mean_squared_error"}],
//  "verdict","reason","winner",
//  "challengers":[{"version","verdict","reason","rows","mean_gain","interval","recent_gain","log_e","threshold","alpha",
//                  "champion":{"units","mean_loss"},"challenger":{"units","mean_loss"}}],
//  "split": SplitJson (split_book.h) or null}
// `arms`: of the newest 5,000 predictions of the model since the test began, `looked_at` of them, how many each version
// answered, how many of those have an outcome, and the mean squared error of its answers to them (left out without
// outcomes).
Result<nlohmann::ordered_json> AbTestEvidence(LiveStore& store, const AbTest& test, Time now);

}  // namespace hone
