// Counts what the requests of each model are assigned to while its traffic is split, and tells what is found: arms that
// do not get their shares, guardrails that are broken. One book for all models of a live engine; what it counted is in
// the store with the turn that counted it, so a restart goes on where it was. Core thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/live_store.h"
#include "engine/split_store.h"
#include "records/prediction.h"
#include "rollout/rollout_policy.h"

namespace hone {

// Something proven of a split that runs.
struct SplitFinding {
  std::string name;                    // "mismatch", "errors 1.1.0", "latency 1.1.0": once each
  std::string version;                 // the challenger's; of a mismatch "" where there are several
  std::optional<Guardrail> guardrail;  // none: a mismatch
  std::string reason;                  // one sentence
  std::string evidence;                // a JSON object: every number it rests on
};

class SplitBook {
 public:
  SplitBook(LiveStore& store, const RolloutPolicy& policy) : store_(&store), policy_(policy) {}

  // The split of the model's traffic from now on, none where there is nothing to compare. The same one goes on; another
  // ends what ran. `horizon` and `horizon_time` are the model's, for the verdict on an A/B test.
  Status Follow(const std::string& model, const std::optional<SplitIdentity>& split, Time now, int horizon = 1,
                Duration horizon_time = 0);
  // Everything in memory is forgotten, as after a turn that could not be stored: Follow resumes what is in the store.
  void Clear() { running_.clear(); }

  // A request that was assigned; passed over where it was by a split that no longer runs.
  Status Take(const Prediction& prediction);
  // Writes what was counted since the last time.
  Status Flush();

  // What is proven of the model's split and was not taken before. Each is told once.
  std::vector<SplitFinding> TakeFindings(const std::string& model);

 private:
  struct Running {
    SplitRecord record;
    std::uint64_t tag = 0;
    std::int64_t units = 0;  // kept for the verdict
    bool changed = false;
  };

  LiveStore* store_;
  RolloutPolicy policy_;
  std::map<std::string, Running> running_;
};

// What is proven of a split, whether it was acted on or not.
std::vector<SplitFinding> FindingsOf(const SplitRecord& record);
// {"split","step","round","started","ended","arms":[{"version","share","requests","units","failed","late","timed"}],
//  "mismatch":{"proven","p_value","log_e","threshold"},
//  "guardrails":[{"version","guardrail","broken","share","champion_share","margin","log_e","threshold"}]}
// `units` are the counted requests. As JSON text.
std::string SplitJson(const SplitRecord& record);

}  // namespace hone
