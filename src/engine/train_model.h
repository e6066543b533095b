// hone train: the first version of a model from a file of bars.
#pragma once

#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "engine/live_store.h"
#include "engine/model_definition.h"
#include "market/bar.h"

namespace hone {

struct TrainedRecipe {
  std::string recipe;
  double rmse = 0, mae = 0;  // purged, time-ordered validation
  std::size_t rows = 0;      // judged
};

struct TrainReport {
  std::string model, version, stage;
  std::string recipe;  // chosen
  std::size_t rows = 0;
  std::vector<TrainedRecipe> validation;
};

// Validates every all-history recipe on purged folds, fits the best on all rows, registers it with artifact and
// lineage, stores rows, bars and definition, and activates it if nothing is active (else it stays in staging). One
// transaction. A model that exists keeps its definition and rows; its new version is a `data` change.
Result<TrainReport> TrainModel(LiveStore& store, const BarSeries& series, const ModelDefinition& model,
                               std::uint64_t seed, Time now, Executor& executor);

}  // namespace hone
