#include "learning/validate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "learning/answer_loss.h"
#include "learning/fit_recipe.h"
#include "learning/learners/training_rows.h"

namespace hone {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Sums over judged rows with a finite answer.
struct Sums {
  std::size_t rows = 0;
  double squared = 0, absolute = 0;
  double log_loss = 0, correct = 0;

  void AddError(double error) {
    squared += error * error;
    absolute += std::fabs(error);
  }
  void AddClass(double loss, bool is_correct) {
    log_loss += loss;
    correct += is_correct ? 1 : 0;
  }
  void Add(const Sums& other) {
    rows += other.rows;
    squared += other.squared;
    absolute += other.absolute;
    log_loss += other.log_loss;
    correct += other.correct;
  }
};

void AddRow(Objective objective, double label, std::span<const double> answer, Sums& sums) {
  const double loss = AnswerLoss(objective, label, answer), first = answer.front();
  if (std::isnan(loss)) return;
  ++sums.rows;
  if (objective != Objective::kMulticlass) sums.AddError(label - first);
  if (objective == Objective::kBinary) sums.AddClass(loss, (first > 0.5) == (label == 1));
  if (objective != Objective::kMulticlass) return;
  const auto chosen = std::max_element(answer.begin(), answer.end()) - answer.begin();
  sums.AddClass(loss, static_cast<double>(chosen) == label);
}

Score ScoreOf(Objective objective, const Sums& sums) {
  const bool classes = objective != Objective::kRegression, errors = objective != Objective::kMulticlass;
  const double rows = sums.rows == 0 ? kNone : static_cast<double>(sums.rows);
  return {sums.rows, errors ? std::sqrt(sums.squared / rows) : kNone, errors ? sums.absolute / rows : kNone,
          classes ? sums.log_loss / rows : kNone, classes ? sums.correct / rows : kNone};
}

struct Judged {
  Sums sums;
  std::vector<double> answers;
};

Judged Judge(const Model& model, Objective objective, const Dataset& data, const TimeFold& fold) {
  const std::size_t rows = fold.test_end - fold.test_begin, outputs = model.outputs();
  Judged judged{{}, std::vector<double>(rows * outputs)};
  const std::span<const double> all(data.x), answers(judged.answers);
  model.PredictBatch(all.subspan(fold.test_begin * data.width(), rows * data.width()), judged.answers);
  for (std::size_t i = 0; i < rows; ++i) {
    AddRow(objective, data.y[fold.test_begin + i], answers.subspan(i * outputs, outputs), judged.sums);
  }
  return judged;
}

Validation Collect(Objective objective, const std::vector<TimeFold>& folds,
                   std::vector<std::optional<Result<Judged>>>& judged) {
  Validation validation;
  Sums all;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const Judged& fold = judged[k]->value();
    validation.folds.push_back({ScoreOf(objective, fold.sums), folds[k]});
    validation.answers.insert(validation.answers.end(), fold.answers.begin(), fold.answers.end());
    all.Add(fold.sums);
  }
  static_cast<Score&>(validation) = ScoreOf(objective, all);
  return validation;
}

// Labels that are judged are checked before any is learned from.
Status CheckJudgedLabels(const Recipe& recipe, Objective objective, const Dataset& data, std::size_t begin,
                         std::size_t end) {
  if (objective == Objective::kRegression || begin >= end || end > data.rows()) return OkStatus();
  const auto classes = recipe.parameters.find("classes");
  const double given = classes == recipe.parameters.end() ? 0 : classes->second;
  const bool fits = given >= 0 && given <= static_cast<double>(kMaxClasses);  // else the learner refuses it by name
  const auto checked =
      CheckLabels(recipe.name, objective, Slice(data, begin, end), fits ? static_cast<std::size_t>(given) : 0);
  return checked.ok() ? OkStatus() : Status(checked.error());
}

}  // namespace

Result<Validation> ValidateRecipe(const Recipe& recipe, std::span<const Recipe> all, const Dataset& data,
                                  std::size_t begin, std::size_t end, const TimeFoldOptions& options,
                                  std::uint64_t seed, Executor& executor) {
  const Objective objective = ObjectiveOf(recipe, all);
  HONE_RETURN_IF_ERROR(CheckJudgedLabels(recipe, objective, data, begin, end));
  HONE_ASSIGN_OR_RETURN(const std::vector<TimeFold> folds, MakeTimeFolds(data, begin, end, options));
  std::vector<std::optional<Result<Judged>>> judged(folds.size());
  ParallelFor(executor, static_cast<int>(folds.size()), [&](int index) {
    const auto k = static_cast<std::size_t>(index);
    Result<FittedRecipe> fitted = FitRecipe(recipe, all, data, folds[k].train_begin, folds[k].train_end, seed);
    if (fitted.ok()) {
      judged[k].emplace(Judge(*fitted->model, objective, data, folds[k]));
    } else {
      judged[k].emplace(std::move(fitted).error());
    }
  });
  for (auto& fold : judged) {
    if (!fold->ok()) return std::move(*fold).error();
  }
  return Collect(objective, folds, judged);
}

}  // namespace hone
