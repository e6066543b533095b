#include "learning/learners/xgboost.h"

#ifdef HONE_HAVE_XGBOOST

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "learning/learners/early_stopping.h"
#include "learning/learners/parameters.h"
#include "learning/learners/training_rows.h"
#include "learning/xgboost_library.h"
#include "models/forest/xgboost_reader.h"

namespace hone {
namespace {

using Handle = std::unique_ptr<void, int (*)(void*)>;
using LibraryParameters = std::vector<std::pair<std::string, std::string>>;

const std::vector<ParameterRule>& XgboostRules() {
  static const std::vector<ParameterRule> rules = {
      {"trees", 60, 1, 100, true},
      {"learning_rate", 0.08, 1e-6, 1, false},
      {"max_depth", 3, 1, 16, true},
      {"min_child_weight", 20, 0, 1e6, false},
      {"max_bin", 63, 2, 255, true},
      {"lambda_l2", 1, 0, 1e6, false},
      {"feature_fraction", 1, 1e-6, 1, false},
      {"bagging_fraction", 1, 1e-6, 1, false},
      {"early_stopping_fraction", 0, 0, 0.5, false},
      {"refit", 0, 0, 1, true},
      {"classes", 0, 0, kMaxClasses, true},
  };
  return rules;
}

const char* LibraryObjective(Objective objective) {
  switch (objective) {
    case Objective::kRegression: return "reg:squarederror";
    case Objective::kBinary: return "binary:logistic";
    case Objective::kMulticlass: return "multi:softprob";
  }
  return "";
}

LibraryParameters ParametersOf(const ParameterValues& values, Objective objective, std::size_t classes,
                               std::uint64_t seed) {
  const auto text = [&](const char* name) { return fmt::format("{}", values.at(name)); };
  LibraryParameters parameters = {
      {"objective", LibraryObjective(objective)},
      {"tree_method", "hist"},
      {"device", "cpu"},
      {"nthread", "1"},
      {"verbosity", "0"},
      {"disable_default_eval_metric", "1"},
      {"seed", std::to_string(seed % 0x7fffffff)},
      {"learning_rate", text("learning_rate")},
      {"max_depth", text("max_depth")},
      {"min_child_weight", text("min_child_weight")},
      {"max_bin", text("max_bin")},
      {"reg_lambda", text("lambda_l2")},
      {"colsample_bytree", text("feature_fraction")},
      {"subsample", text("bagging_fraction")},
  };
  if (objective == Objective::kMulticlass) parameters.emplace_back("num_class", std::to_string(classes));
  return parameters;
}

bool FitsFloat(double value) { return !(std::fabs(value) > std::numeric_limits<float>::max()); }

Status CheckRange(const Dataset& data) {
  const auto bad = [](std::size_t row, double value, const std::string& key) {
    return Error{ErrorCode::kInvalidData, fmt::format("{} of row {} is beyond the range of a float", value, row),
                 "xgboost", 0, key};
  };
  for (std::size_t i = 0; i < data.rows(); ++i) {
    if (!FitsFloat(data.y[i])) return bad(i, data.y[i], "");
    for (std::size_t j = 0; j < data.width(); ++j) {
      if (!FitsFloat(data.row(i)[j])) return bad(i, data.row(i)[j], data.names[j]);
    }
  }
  return OkStatus();
}

struct XgboostJob {
  const XgboostLibrary& library;
  const Dataset& data;
  const Objective objective;
  const LibraryParameters parameters;
  const int trees;

  Result<std::string> FitRows(std::size_t rows, int rounds) const {
    HONE_ASSIGN_OR_RETURN(const Handle booster, Boost(rows, rounds));
    return Save(booster.get());
  }

  Result<std::string> FitStopped(double fraction, bool refit) const {
    HONE_ASSIGN_OR_RETURN(const HeldOut held, HoldOutNewest("xgboost", data, fraction));
    HONE_ASSIGN_OR_RETURN(const Handle booster, Boost(held.learned, trees));
    HONE_ASSIGN_OR_RETURN(const std::string bytes, Save(booster.get()));
    HONE_ASSIGN_OR_RETURN(const Forest forest, ReadXgboostForest(bytes, "xgboost"));
    const int best = BestRounds(forest, objective, data, held.begin);
    if (refit) return FitRows(data.rows(), best);
    BoosterHandle sliced = nullptr;
    HONE_RETURN_IF_ERROR(Check(library.slice(booster.get(), 0, best, 1, &sliced), "Slice"));
    return Save(Handle(sliced, library.booster_free).get());
  }

 private:
  Status Check(int status, const char* call) const { return CheckXgboost(library, status, call); }

  Result<Handle> MakeMatrix(std::size_t rows) const {
    const std::span<const double> x(data.x.data(), rows * data.width()), y(data.y.data(), rows);
    DMatrixHandle handle = nullptr;
    const std::string values = ArrayInterface(x, data.width());
    HONE_RETURN_IF_ERROR(
        Check(library.matrix_create(values.c_str(), R"({"missing":NaN,"nthread":1})", &handle), "CreateFromDense"));
    Handle matrix(handle, library.matrix_free);
    HONE_RETURN_IF_ERROR(Check(library.matrix_set(handle, "label", ArrayInterface(y).c_str()), "SetInfo"));
    return matrix;
  }

  // A booster of the first `rows` rows. Its bytes do not depend on the matrix, which ends here.
  Result<Handle> Boost(std::size_t rows, int rounds) const {
    HONE_ASSIGN_OR_RETURN(const Handle matrix, MakeMatrix(rows));
    DMatrixHandle const matrices[] = {matrix.get()};
    BoosterHandle handle = nullptr;
    HONE_RETURN_IF_ERROR(Check(library.booster_create(matrices, 1, &handle), "Create"));
    Handle booster(handle, library.booster_free);
    for (const auto& [name, value] : parameters) {
      HONE_RETURN_IF_ERROR(Check(library.set_parameter(handle, name.c_str(), value.c_str()), "SetParam"));
    }
    for (int round = 0; round < rounds; ++round) {
      HONE_RETURN_IF_ERROR(Check(library.update(handle, round, matrix.get()), "UpdateOneIter"));
    }
    return booster;
  }

  Result<std::string> Save(BoosterHandle booster) const {
    bst_ulong size = 0;
    const char* bytes = nullptr;
    HONE_RETURN_IF_ERROR(Check(library.save(booster, R"({"format":"ubj"})", &size, &bytes), "SaveModelToBuffer"));
    return std::string(bytes, size);
  }
};

class Xgboost final : public Learner {
 public:
  std::string name() const override { return "xgboost"; }
  std::map<std::string, double> defaults() const override { return DefaultsOf(XgboostRules()); }

  Result<FittedModel> Fit(const Dataset& data, Objective objective, const std::map<std::string, double>& parameters,
                          std::uint64_t seed) const override {
    HONE_ASSIGN_OR_RETURN(const ParameterValues values, ResolveParameters(name(), XgboostRules(), parameters));
    HONE_RETURN_IF_ERROR(CheckTrainingRows(name(), data));
    HONE_RETURN_IF_ERROR(CheckRange(data));
    HONE_ASSIGN_OR_RETURN(const std::size_t classes,
                          CheckLabels(name(), objective, data, static_cast<std::size_t>(values.at("classes"))));
    const Result<XgboostLibrary>& library = OpenXgboost();
    if (!library.ok()) return library.error();
    const XgboostJob job{*library, data, objective, ParametersOf(values, objective, classes, seed),
                         static_cast<int>(values.at("trees"))};
    const double fraction = values.at("early_stopping_fraction");
    Result<std::string> bytes =
        fraction > 0 ? job.FitStopped(fraction, values.at("refit") != 0) : job.FitRows(data.rows(), job.trees);
    if (!bytes.ok()) return std::move(bytes).error();
    FittedModel fitted{"xgboost", *std::move(bytes), nullptr};
    HONE_ASSIGN_OR_RETURN(fitted.model, ReadXgboost(fitted.bytes, name()));
    return fitted;
  }
};

}  // namespace

const Learner& XgboostLearner() {
  static const Xgboost learner;
  return learner;
}

}  // namespace hone

#endif
