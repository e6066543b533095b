// Experiments: comparisons of versions on live traffic, running and ended, as the store tells them. A rollout is one
// (shadow, then canary), begun by the decision that put its version in shadow and known by that decision's id; an A/B
// test is another, known by its own id.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/live_store.h"
#include "engine/rollout_status.h"
#include "records/decision.h"

namespace hone {

enum class ExperimentKind : std::uint8_t {
  kShadow,  // the version scores every request and has answered none
  kCanary,  // it has answered some
  kAbTest,  // a person splits the traffic
};
const char* ExperimentKindName(ExperimentKind kind);  // "shadow", "canary", "ab_test"
// kInvalidArgument.
Result<ExperimentKind> ParseExperimentKind(std::string_view name);

// What a version loses or gains: squared error saved against `against`, above 0 is better.
struct ExperimentEstimate {
  std::string version, against;
  std::string verdict, reason;  // "" where there is none
  std::int64_t rows = 0;        // matured outcomes it rests on
  double mean_gain = 0, low = 0, high = 0, log_e = 0, threshold = 0;
};

// What an arm of an A/B test answered, of the newest 5,000 predictions since it began.
struct ExperimentArm {
  std::string version;
  double share = 0;
  std::int64_t answered = 0, outcomes = 0;
  std::optional<double> mean_squared_error;  // none without outcomes
};

struct Experiment {
  Id id;
  std::string model;
  ExperimentKind kind = ExperimentKind::kShadow;
  std::string question;  // "refresh", "recipe"; of an A/B test "split"
  Time started = 0;
  std::optional<Time> ended;     // none while it runs
  std::optional<Time> deadline;  // of an A/B test; none: never
  std::string champion;          // "" where an ended one does not tell
  std::vector<std::string> challengers;
  Verdict verdict = Verdict::kNoData;  // of an ended one: how it ended
  std::string reason;
  std::optional<std::int64_t> outcomes;  // matured
  std::vector<ExperimentArm> arms;       // of an A/B test, in the order it was asked for
  std::vector<ExperimentEstimate> estimates;
  // Oldest first: one a canary step, one an A/B test, or the newest 100 rounds of one that follows a bandit.
  std::vector<SplitRecord> splits;
  std::optional<Decision> decided;  // what ended it
  std::string because;              // JSON of what let it begin; "" where a person did
};

// Conditions left at their default admit everything.
struct ExperimentQuery {
  std::string model = {};
  std::optional<bool> running = std::nullopt;
  std::optional<ExperimentKind> kind = std::nullopt;
  std::optional<Id> before = std::nullopt;  // older than this one: the next page
  std::int64_t limit = 100;
};

// How the rollout of a model stands: of the running loop, or as stored (StoredRollout).
using ReleaseOf = std::function<Result<std::optional<RolloutStatus>>(const std::string& model)>;

// Newest first, of the newest 5,000 decisions and all A/B tests of each model. On the thread that owns the store.
// kCorrupt.
Result<std::vector<Experiment>> ReadExperiments(LiveStore& store, const ExperimentQuery& query,
                                                const ReleaseOf& release, Time now);
// kNotFound.
Result<Experiment> ReadExperiment(LiveStore& store, const Id& id, const ReleaseOf& release, Time now);

}  // namespace hone
