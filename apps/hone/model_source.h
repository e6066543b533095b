// The model that a command line names: a file, or a version in the folder of all state.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "models/model.h"

namespace hone {

struct NamedModel {
  ModelPointer model;
  std::vector<std::string> features;  // names of the columns in order; empty where the model has none
};

// `text` is the path of a model file, else NAME or NAME@VERSION of `directory`; without a version, the active one.
Result<NamedModel> LoadNamedModel(const std::string& text, const std::string& directory);

}  // namespace hone
