// A version as the loop holds it: the model that answers, and where it came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/time.h"
#include "learning/fit_recipe.h"
#include "models/model.h"
#include "records/version_record.h"
#include "rollout/steps.h"

namespace hone {

// Immutable once made; shared by every row that was scored by it.
struct TrainedVersion {
  VersionNumber number;
  std::string name;    // number as text
  int recipe = 0;      // index into the loop's recipes
  std::string parent;  // "" for the first of its line
  ChangeType change = ChangeType::kArchitecture;
  ModelPointer model;
  std::size_t begin = 0, end = 0;  // rows of the loop's history it learned from
  AnswerBounds range;
  // RMSE of its line on rows the versions then in force had not seen, up to when it was made; no rows: nothing known.
  double validation_rmse = 0;
  std::int64_t validation_rows = 0;
  std::uint64_t seed = 0;
  Time created = 0;
  std::shared_ptr<const FittedRecipe>
      fitted;  // the pieces of its artifact; null for a version loaded from the registry
};

using VersionPointer = std::shared_ptr<const TrainedVersion>;

}  // namespace hone
