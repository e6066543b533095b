#include "learning/permutation_importance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "learning/answer_loss.h"
#include "learning/time_folds.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

constexpr std::size_t kFewestJudgedRows = 20;
constexpr std::size_t kBatchRows = 512;

// Row k is given what row source[k] has.
std::vector<std::size_t> PermuteBlocks(std::size_t rows, std::size_t block, Random& random) {
  const std::size_t turn = random.Below(rows);
  std::vector<std::size_t> begins, source;
  for (std::size_t begin = 0; begin < rows; begin += block) begins.push_back(begin);
  Shuffle(begins, random);
  source.reserve(rows);
  for (const std::size_t begin : begins) {
    for (std::size_t i = begin; i < std::min(rows, begin + block); ++i) source.push_back((i + turn) % rows);
  }
  return source;
}

// The losses of all rows. Thread-safe.
class RowLosses {
 public:
  RowLosses(const Model& model, Objective objective, const Dataset& data)
      : model_(model), objective_(objective), data_(data) {}

  // NaN where the model gives no answer. Column `column` is taken from rows `source`, where it has any.
  std::vector<double> Losses(std::size_t column, std::span<const std::size_t> source) const {
    std::vector<double> losses, rows, answers(kBatchRows * model_.outputs());
    losses.reserve(data_.rows());
    for (std::size_t begin = 0; begin < data_.rows(); begin += kBatchRows) {
      const std::size_t end = std::min(data_.rows(), begin + kBatchRows);
      CopyRows(begin, end, column, source, rows);
      const std::span<double> of_batch(answers.data(), (end - begin) * model_.outputs());
      model_.PredictBatch(rows, of_batch);
      for (std::size_t i = begin; i < end; ++i) {
        const auto answer = of_batch.subspan((i - begin) * model_.outputs(), model_.outputs());
        losses.push_back(AnswerLoss(objective_, data_.y[i], answer));
      }
    }
    return losses;
  }

 private:
  void CopyRows(std::size_t begin, std::size_t end, std::size_t column, std::span<const std::size_t> source,
                std::vector<double>& rows) const {
    const std::size_t width = data_.width();
    const auto at = [&](std::size_t row) { return data_.x.begin() + static_cast<std::ptrdiff_t>(row * width); };
    rows.assign(at(begin), at(end));
    if (source.empty()) return;
    for (std::size_t i = begin; i < end; ++i) rows[(i - begin) * width + column] = data_.row(source[i])[column];
  }

  const Model& model_;
  const Objective objective_;
  const Dataset& data_;
};

std::vector<double> FiniteOnes(const std::vector<double>& values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](double v) { return std::isfinite(v); });
  return finite;
}

double MeanOf(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

PermutedColumn Permute(const RowLosses& judge, const std::vector<double>& losses, std::size_t column, int block,
                       const PermutationOptions& options, Random random) {
  std::vector<double> taken(losses.size()), given(losses.size());  // a row's own differences, and those its value makes
  RunningMoments of_repeats;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    const auto source = PermuteBlocks(losses.size(), static_cast<std::size_t>(block), random);
    std::vector<double> now = judge.Losses(column, source);
    for (std::size_t i = 0; i < now.size(); ++i) {
      now[i] -= losses[i];
      taken[i] += now[i] / options.repeats;
      if (std::isfinite(now[i])) given[source[i]] += now[i] / options.repeats;
    }
    of_repeats.Add(MeanOf(FiniteOnes(now)));
  }
  const std::vector<double> finite = FiniteOnes(taken);
  if (finite.empty()) return {};
  const double mean = MeanOf(finite);
  std::vector<double> influence;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (std::isfinite(taken[i])) influence.push_back(taken[i] + given[i] - mean);
  }
  PermutedColumn measured{MeanOfDependentRows(influence, block, options, random), of_repeats.standard_deviation()};
  measured.importance.mean = mean;
  return measured;
}

}  // namespace

Result<PermutationImportance> MeasurePermutationImportance(const Model& model, Objective objective, const Dataset& data,
                                                           const PermutationOptions& options, Executor& executor) {
  const RowLosses judge(model, objective, data);
  const std::vector<double> losses = judge.Losses(0, {}), finite = FiniteOnes(losses);
  if (finite.size() < kFewestJudgedRows) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("{} rows have a finite answer and a label; at least {} are needed", finite.size(),
                             kFewestJudgedRows)};
  }
  PermutationImportance measured{finite.size(), MeanOf(finite), options.block_rows, {}};
  if (measured.block_rows == 0) measured.block_rows = BlockRowsOf(finite, LabelHorizon(data, 0, data.rows()));
  measured.columns.resize(data.width());
  ParallelFor(executor, static_cast<int>(data.width()), [&](int index) {
    const auto column = static_cast<std::size_t>(index);
    Random random = Random::Stream(options.seed, data.names[column]);
    measured.columns[column] = Permute(judge, losses, column, measured.block_rows, options, random);
  });
  return measured;
}

}  // namespace hone
