// hone train: the first version of a model from a file of bars.
#pragma once

#include <string>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "engine/live_store.h"
#include "engine/model_definition.h"
#include "learning/validate.h"
#include "market/bar.h"

namespace hone {

// Purged, time-ordered validation (learning/validate.h): what the recipe's objective does not have is NaN.
struct TrainedRecipe : Score {
  std::string recipe;
};

struct TrainReport {
  std::string model, version, stage;
  std::string recipe;  // chosen
  std::size_t rows = 0;
  std::vector<TrainedRecipe> validation;
};

// Validates every all-history recipe on purged folds, fits the best on all rows (the least RMSE, of classes the least
// log loss), registers it with artifact and lineage, stores rows, bars and definition, and activates it if nothing is
// active (else it stays in staging). One transaction. A model that exists keeps its definition and rows; its new
// version is a `data` change. A model of classes has no loop, so neither rows nor bars are kept for one and no bars
// drive it. kConflict for a model whose versions come from files, learn from other features, or have answers of another
// size.
Result<TrainReport> TrainModel(LiveStore& store, const BarSeries& series, const ModelDefinition& model,
                               std::uint64_t seed, Time now, Executor& executor);

}  // namespace hone
