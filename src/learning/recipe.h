// A recipe: how versions of a model are made.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "learning/objective.h"

namespace hone {

// Which of a recipe's features it is fitted on: those of `always`, and of the others what the rows it learns from show
// to lower the loss beyond them (select_features.h).
struct FeatureSelection {
  std::vector<std::string> always;  // at least one of the recipe's features
  double alpha = 0.1;               // share of false discoveries, (0, 0.5]
  int folds = 5;                    // of the rows learned from, 2 to 20

  bool operator==(const FeatureSelection&) const = default;
};

struct Recipe {
  std::string name;                              // unique within a model: "har_ridge", "scale_free_trees_504"
  std::string learner;                           // "ridge", "lightgbm", "xgboost", or "mean" (of `members`)
  std::vector<std::string> features;             // subset of the model's feature list, empty for "mean"
  std::string relative_to;                       // learn target - this feature and add it back; "" for none
  Objective objective = Objective::kRegression;  // of the learner; a mean has its members'
  int window_rows = 0;                           // newest rows to learn from; 0: all history
  std::map<std::string, double> parameters;      // of the learner; unknown names are refused
  std::vector<std::string> members;              // recipe names, only for "mean"
  std::optional<FeatureSelection> selection;     // without it, all of `features`; none for "mean"
};

}  // namespace hone
