#include "learning/select_features.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/executor.h"
#include "learning/feature_screen.h"
#include "learning/learners/training_rows.h"

namespace hone {
namespace {

bool HasName(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<Recipe> WithSelectedFeatures(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end,
                                    std::uint64_t seed) {
  const FeatureSelection& selection = *recipe.selection;
  Recipe chosen = recipe;
  chosen.selection.reset();
  chosen.features = selection.always;
  ScreenOptions options;
  options.alpha = selection.alpha;
  options.seed = seed;
  options.folds.folds = selection.folds;
  const auto horizon = static_cast<std::size_t>(LabelHorizon(data, begin, end));
  options.folds.embargo_rows = horizon;
  if ((end - begin) / static_cast<std::size_t>(selection.folds + 1) < kMinTrainingRows + 2 * horizon) return chosen;
  std::vector<std::string> candidates;
  for (const std::string& feature : recipe.features) {
    if (!HasName(selection.always, feature)) candidates.push_back(feature);
  }
  options.most_selected = static_cast<int>(candidates.size());
  const std::unique_ptr<Executor> executor = MakeInlineExecutor();
  HONE_ASSIGN_OR_RETURN(const FeatureScreen screen,
                        ScreenFeatures(chosen, data, begin, end, candidates, options, *executor));
  chosen.features.clear();
  for (const std::string& feature : recipe.features) {
    if (HasName(selection.always, feature) || HasName(screen.selected, feature)) chosen.features.push_back(feature);
  }
  return chosen;
}

}  // namespace hone
