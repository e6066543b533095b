// Tests only: a small model that needs no trees, and the rows a synthetic market gives it.
#pragma once

#include <string>

#include "engine/model_definition.h"
#include "features/build_dataset.h"
#include "market/synthetic.h"

namespace hone {

// The built-in model with two ridges and their mean in place of its recipes: fits take a millisecond.
inline ModelDefinition RidgeModel(std::vector<int> windows = {0, 250}) {
  ModelDefinition model = VolatilityModel();
  model.name = "ridges";
  model.windows = std::move(windows);
  Recipe levels, relative, mean;
  levels.name = "levels";
  levels.learner = "ridge";
  levels.features = {"log_range_1", "log_range_5", "log_range_22"};
  relative.name = "relative";
  relative.learner = "ridge";
  relative.features = {"range_1_to_22", "range_5_to_22"};
  relative.relative_to = "log_range_22";
  mean.name = "both";
  mean.learner = "mean";
  mean.members = {"levels", "relative"};
  model.recipes = {levels, relative, mean};
  return model;
}

inline SyntheticMarket Market(const std::string& kind, int bars, std::uint64_t seed) {
  return SyntheticMarket({kind, bars}, seed);
}

inline Dataset RowsOf(const BarSeries& series, const ModelDefinition& model) {
  return BuildDataset(series, model.features, model.target, model.horizon, model.pinned.definitions()).value();
}

}  // namespace hone
