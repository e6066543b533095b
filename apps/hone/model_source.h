// The model that a command line names: a file, or a version in the folder of all state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "features/store/pinned_features.h"
#include "learning/contribution_importance.h"
#include "models/model.h"

namespace hone {

struct NamedModel {
  ModelPointer model;
  std::vector<std::string> features;  // names of the columns in order; empty where the model has none
};

// `text` is the path of a model file, else NAME or NAME@VERSION of `directory`; without a version, the active one.
Result<NamedModel> LoadNamedModel(const std::string& text, const std::string& directory);

// What hone knows of a version that it trained.
struct TrainedModel {
  std::vector<ModelPart> parts;  // whose mean is the answer, on columns of NamedModel::features
  std::string target;
  int horizon = 0;
  PinnedFeatures pinned;  // the registered ones among its features
  Time train_end = 0;     // every label it learned from was known by then
};

// Nothing for a model file and for a version made from one. `text` as above.
Result<std::optional<TrainedModel>> LoadTrainedModel(const std::string& text, const std::string& directory);

}  // namespace hone
