// Replay: had this policy been in charge of this model over these bars, what would it have done, and was the model
// better for it? The policy's loop runs bar by bar under a virtual clock; beside it the same rows are answered by fixed
// schedules (never, quarterly expanding, rolling), by persistence, and by the same loop without any check.
//
// Deterministic to the byte for one binary, data, policy, model and seed, whatever the executor.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "engine/loop_journal.h"
#include "engine/model_definition.h"
#include "engine/policy.h"
#include "market/bar.h"
#include "market/synthetic.h"
#include "stats/interval.h"

namespace hone {

struct ReplayOptions {
  ModelDefinition model;
  Policy policy;
  std::uint64_t seed = 0;
  // The first retraining at or after this time learns from shuffled labels: does the policy let it through?
  std::optional<Time> sabotage;
  // Set for synthetic data: promotions then carry their true gain. Must outlive the replay.
  const SyntheticMarket* truth = nullptr;
  // Whether other policies answer the same rows, for comparison; without them hone's is the only result.
  bool compare = true;
  // Told after every row of the policy's loop: rows done, rows in all, decisions so far. May be empty.
  std::function<void(std::size_t, std::size_t, const std::vector<Decision>&)> progress;
};

struct RecipeLoss {
  std::string recipe;
  double loss = 0;  // RMSE
};

// One policy over the same rows.
struct PolicyResult {
  std::string name;                 // hone, never, quarterly, rolling, persistence, unchecked
  double loss = 0;                  // RMSE over all rows answered
  Interval interval;                // of loss, block bootstrap
  Interval difference;              // of loss(hone) - loss(this), paired; unset for hone itself
  std::vector<RecipeLoss> recipes;  // every recipe on this schedule; its best in hindsight is the policy's loss
  int retrains = 0, fits = 0, promotions = 0, rollbacks = 0, rejections = 0;
  std::vector<double> squared_errors;  // by row
};

// One answered row of the policy's loop, for reports.
struct ReplayRow {
  Time time = 0;
  double close = 0;
  double served = 0, outcome = 0;
  std::string version;
};

struct ReplayResult {
  std::string data;
  std::string model;
  std::uint64_t seed = 0;
  std::vector<PolicyResult> policies;
  std::vector<Decision> decisions;
  std::vector<Decision> unchecked_decisions;  // of the control without checks
  std::optional<Time> sabotage;               // as asked for
  std::vector<DriftEvent> drift;
  std::vector<VersionRecord> versions;
  std::vector<Prediction> predictions;  // of the policy's loop, in time order
  std::vector<Outcome> outcomes;
  std::vector<ShadowPrediction> shadows;
  std::vector<ReplayRow> rows;
};

// Errors: a model of classes (kInvalidArgument); fewer rows than a first version and two dozen horizons after it need;
// a recipe that cannot be trained at all.
Result<ReplayResult> Replay(const BarSeries& series, const ReplayOptions& options, Executor& executor);

}  // namespace hone
