// Fits a recipe to rows and gives the model that answers the full row, with the files an artifact needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "features/dataset.h"
#include "learning/recipe.h"
#include "models/assemble.h"
#include "models/model.h"

namespace hone {

using FittedPiece = ModelPiece;

struct FittedRecipe {
  ModelPointer model;               // answers rows of the full width of the data it was fitted on
  std::vector<FittedPiece> pieces;  // AssembleModel(pieces, width) gives the same model
  std::size_t rows = 0;             // rows learned from (of the first member for "mean")
};

// Learns from the newest `window_rows` (0: all) of rows [begin, end) of `data`, whose columns are the model's full
// feature list, on the features selected from these rows where the recipe asks for it. With `relative_to` the target is
// y - that feature; rows where it is missing are left out. "mean" fits its members, each with its own window, and
// averages them. Same arguments, same bytes.
//
// Fails (kInvalidArgument, key = the recipe's name) on an unknown learner, feature, member or parameter, a mean of
// means, of multiclass recipes or of several objectives, classes relative to a feature, fewer than 30 rows; passes on
// the learner's errors. Thread-safe. The caller sees to it that labels of [begin, end) are known (PurgedEnd in
// time_folds.h).
Result<FittedRecipe> FitRecipe(const Recipe& recipe, std::span<const Recipe> all, const Dataset& data,
                               std::size_t begin, std::size_t end, std::uint64_t seed);

// The mean of recipes fitted already, as "mean" would give it. `members` not empty, of one width.
FittedRecipe CombineMembers(std::span<const FittedRecipe* const> members);

// What the recipe's answers are: of a mean, what its first member's are.
Objective ObjectiveOf(const Recipe& recipe, std::span<const Recipe> all);

// The recipe of that name, or null.
const Recipe* FindRecipe(std::span<const Recipe> all, const std::string& name);

// Checks a recipe list without fitting: unique names, known learners, features (of `names`), parameters, members.
Status CheckRecipes(std::span<const Recipe> recipes, std::span<const std::string> names);

}  // namespace hone
