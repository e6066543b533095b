#include "learning/learners/lightgbm.h"

#ifdef HONE_HAVE_LIGHTGBM

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "learning/learners/early_stopping.h"
#include "learning/learners/parameters.h"
#include "learning/learners/training_rows.h"
#include "learning/lightgbm_library.h"
#include "models/forest/lightgbm_reader.h"

namespace hone {
namespace {

using Handle = std::unique_ptr<void, int (*)(void*)>;

const std::vector<ParameterRule>& LightGbmRules() {
  static const std::vector<ParameterRule> rules = {
      {"trees", 60, 1, 100, true},
      {"learning_rate", 0.08, 1e-6, 1, false},
      {"leaves", 8, 2, 256, true},
      {"max_depth", 0, 0, 64, true},
      {"min_leaf_rows", 20, 1, 1e6, true},
      {"max_bin", 63, 2, 255, true},
      {"lambda_l2", 0, 0, 1e6, false},
      {"feature_fraction", 1, 1e-6, 1, false},
      {"bagging_fraction", 1, 1e-6, 1, false},
      {"early_stopping_fraction", 0, 0, 0.5, false},
      {"refit", 0, 0, 1, true},
      {"classes", 0, 0, kMaxClasses, true},
  };
  return rules;
}

std::string ObjectiveParameters(Objective objective, std::size_t classes) {
  if (objective == Objective::kMulticlass) return fmt::format("multiclass num_class={}", classes);
  return objective == Objective::kBinary ? "binary" : "regression";
}

std::string LightGbmParameters(const ParameterValues& values, const std::string& objective, std::uint64_t seed) {
  const double bagging = values.at("bagging_fraction");
  return fmt::format(
      "objective={} metric=none num_threads=1 deterministic=true force_row_wise=true verbosity=-1 seed={} "
      "learning_rate={} num_leaves={} max_depth={} min_data_in_leaf={} max_bin={} lambda_l2={} feature_fraction={} "
      "bagging_fraction={} bagging_freq={} feature_pre_filter=false",
      objective, seed % 0x7fffffff, values.at("learning_rate"), values.at("leaves"),
      values.at("max_depth") > 0 ? values.at("max_depth") : -1, values.at("min_leaf_rows"), values.at("max_bin"),
      values.at("lambda_l2"), values.at("feature_fraction"), bagging, bagging < 1 ? 1 : 0);
}

Result<Handle> MakeDataset(const LightGbmLibrary& library, const Dataset& data, std::size_t rows,
                           const std::string& parameters) {
  DatasetHandle handle = nullptr;
  const auto count = static_cast<std::int32_t>(rows);
  const int made =
      library.dataset_create(data.x.data(), C_API_DTYPE_FLOAT64, count, static_cast<std::int32_t>(data.width()), 1,
                             parameters.c_str(), nullptr, &handle);
  HONE_RETURN_IF_ERROR(CheckLightGbm(library, made, "DatasetCreateFromMat"));
  Handle dataset(handle, library.dataset_free);
  const std::vector<float> labels(data.y.begin(), data.y.begin() + static_cast<std::ptrdiff_t>(rows));
  const int set = library.dataset_set_field(handle, "label", labels.data(), count, C_API_DTYPE_FLOAT32);
  HONE_RETURN_IF_ERROR(CheckLightGbm(library, set, "DatasetSetField"));
  return dataset;
}

// The model's text up to the list of parameters, which does not change what it answers.
Result<std::string> SaveText(const LightGbmLibrary& library, BoosterHandle booster, int trees) {
  std::string text(std::size_t{64} << 10, '\0');
  while (true) {
    std::int64_t needed = 0;
    const int saved = library.save(booster, 0, trees, C_API_FEATURE_IMPORTANCE_SPLIT,
                                   static_cast<std::int64_t>(text.size()), &needed, text.data());
    HONE_RETURN_IF_ERROR(CheckLightGbm(library, saved, "BoosterSaveModelToString"));
    const bool fits = needed <= static_cast<std::int64_t>(text.size());
    text.resize(static_cast<std::size_t>(fits ? needed - 1 : needed));
    if (fits) break;
  }
  const std::size_t end = text.find("\nparameters:\n");
  if (end != std::string::npos) text.resize(end);
  return text;
}

Result<Handle> Boost(const LightGbmLibrary& library, DatasetHandle dataset, const std::string& parameters, int trees) {
  BoosterHandle handle = nullptr;
  const int made = library.booster_create(dataset, parameters.c_str(), &handle);
  HONE_RETURN_IF_ERROR(CheckLightGbm(library, made, "BoosterCreate"));
  Handle booster(handle, library.booster_free);
  int finished = 0;
  for (int i = 0; i < trees && finished == 0; ++i) {
    HONE_RETURN_IF_ERROR(CheckLightGbm(library, library.update(handle, &finished), "BoosterUpdateOneIter"));
  }
  return booster;
}

struct LightGbmJob {
  const LightGbmLibrary& library;
  const Dataset& data;
  const Objective objective;
  const std::string parameters;
  const int trees;

  Result<std::string> FitRows(std::size_t rows, int count) const {
    HONE_ASSIGN_OR_RETURN(const Handle dataset, MakeDataset(library, data, rows, parameters));
    HONE_ASSIGN_OR_RETURN(const Handle booster, Boost(library, dataset.get(), parameters, count));
    return SaveText(library, booster.get(), count);
  }

  Result<std::string> FitStopped(double fraction, bool refit) const {
    HONE_ASSIGN_OR_RETURN(const HeldOut held, HoldOutNewest("lightgbm", data, fraction));
    HONE_ASSIGN_OR_RETURN(const Handle dataset, MakeDataset(library, data, held.learned, parameters));
    HONE_ASSIGN_OR_RETURN(const Handle booster, Boost(library, dataset.get(), parameters, trees));
    HONE_ASSIGN_OR_RETURN(const std::string text, SaveText(library, booster.get(), trees));
    HONE_ASSIGN_OR_RETURN(const Forest forest, ReadLightGbmForest(text, "lightgbm"));
    const int best = BestRounds(forest, objective, data, held.begin);
    return refit ? FitRows(data.rows(), best) : SaveText(library, booster.get(), best);
  }
};

class LightGbm final : public Learner {
 public:
  std::string name() const override { return "lightgbm"; }
  std::map<std::string, double> defaults() const override { return DefaultsOf(LightGbmRules()); }

  Result<FittedModel> Fit(const Dataset& data, Objective objective, const std::map<std::string, double>& parameters,
                          std::uint64_t seed) const override {
    HONE_ASSIGN_OR_RETURN(const ParameterValues values, ResolveParameters(name(), LightGbmRules(), parameters));
    HONE_RETURN_IF_ERROR(CheckTrainingRows(name(), data));
    HONE_ASSIGN_OR_RETURN(const std::size_t classes,
                          CheckLabels(name(), objective, data, static_cast<std::size_t>(values.at("classes"))));
    const Result<LightGbmLibrary>& library = OpenLightGbm();
    if (!library.ok()) return library.error();
    const LightGbmJob job{*library, data, objective,
                          LightGbmParameters(values, ObjectiveParameters(objective, classes), seed),
                          static_cast<int>(values.at("trees"))};
    const double fraction = values.at("early_stopping_fraction");
    Result<std::string> text =
        fraction > 0 ? job.FitStopped(fraction, values.at("refit") != 0) : job.FitRows(data.rows(), job.trees);
    if (!text.ok()) return std::move(text).error();
    FittedModel fitted{"lightgbm", *std::move(text), nullptr};
    HONE_ASSIGN_OR_RETURN(fitted.model, ReadLightGbm(fitted.bytes, name()));
    return fitted;
  }
};

}  // namespace

const Learner& LightGbmLearner() {
  static const LightGbm learner;
  return learner;
}

}  // namespace hone

#endif
