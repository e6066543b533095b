#include "learning/validate.h"

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "learning/fit_recipe.h"

namespace hone {
namespace {

// Sums over judged rows with a finite answer.
struct Sums {
  std::size_t rows = 0;
  double squared = 0;
  double absolute = 0;

  void Add(double error) {
    if (!std::isfinite(error)) return;
    ++rows;
    squared += error * error;
    absolute += std::fabs(error);
  }
  void Add(const Sums& other) {
    rows += other.rows;
    squared += other.squared;
    absolute += other.absolute;
  }
  double Rmse() const { return rows == 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(squared / Count()); }
  double Mae() const { return rows == 0 ? std::numeric_limits<double>::quiet_NaN() : absolute / Count(); }
  double Count() const { return static_cast<double>(rows); }
};

struct Judged {
  Sums sums;
  std::vector<double> answers;
};

Judged Judge(const Model& model, const Dataset& data, const TimeFold& fold) {
  const std::size_t rows = fold.test_end - fold.test_begin;
  Judged judged{{}, std::vector<double>(rows)};
  const std::span<const double> all(data.x);
  model.PredictBatch(all.subspan(fold.test_begin * data.width(), rows * data.width()), judged.answers);
  for (std::size_t i = 0; i < rows; ++i) judged.sums.Add(data.y[fold.test_begin + i] - judged.answers[i]);
  return judged;
}

Validation Collect(const std::vector<TimeFold>& folds, std::vector<std::optional<Result<Judged>>>& judged) {
  Validation validation;
  Sums all;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const Judged& fold = judged[k]->value();
    validation.folds.push_back({folds[k], fold.sums.rows, fold.sums.Rmse(), fold.sums.Mae()});
    validation.answers.insert(validation.answers.end(), fold.answers.begin(), fold.answers.end());
    all.Add(fold.sums);
  }
  validation.rows = all.rows;
  validation.rmse = all.Rmse();
  validation.mae = all.Mae();
  return validation;
}

}  // namespace

Result<Validation> ValidateRecipe(const Recipe& recipe, std::span<const Recipe> all, const Dataset& data,
                                  std::size_t begin, std::size_t end, const TimeFoldOptions& options,
                                  std::uint64_t seed, Executor& executor) {
  HONE_ASSIGN_OR_RETURN(const std::vector<TimeFold> folds, MakeTimeFolds(data, begin, end, options));
  std::vector<std::optional<Result<Judged>>> judged(folds.size());
  ParallelFor(executor, static_cast<int>(folds.size()), [&](int index) {
    const auto k = static_cast<std::size_t>(index);
    Result<FittedRecipe> fitted = FitRecipe(recipe, all, data, folds[k].train_begin, folds[k].train_end, seed);
    if (fitted.ok()) {
      judged[k].emplace(Judge(*fitted->model, data, folds[k]));
    } else {
      judged[k].emplace(std::move(fitted).error());
    }
  });
  for (auto& fold : judged) {
    if (!fold->ok()) return std::move(*fold).error();
  }
  return Collect(folds, judged);
}

}  // namespace hone
