#include "learning/contribution_importance.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "learning/time_folds.h"
#include "models/forest/contributions.h"
#include "models/forest/forest.h"
#include "models/linear/linear.h"

namespace hone {
namespace {

constexpr std::size_t kChunkRows = 64;

// Of a row of a part's own columns: for each output its columns, then the bias.
struct Explainer {
  std::size_t outputs = 1;
  std::function<void(std::span<const double> row, std::span<double> out)> explain;
};

Explainer ExplainLinear(const LinearModel& model) {
  return {1, [&model](std::span<const double> row, std::span<double> out) {
            for (std::size_t j = 0; j < row.size(); ++j) {
              out[j] = std::isnan(row[j]) ? 0 : model.weights()[j] * (row[j] - model.means()[j]);
            }
          }};
}

Result<Explainer> ExplainerOf(const ModelPointer& model) {
  if (const auto* linear = dynamic_cast<const LinearModel*>(model.get())) return ExplainLinear(*linear);
  auto forest = std::dynamic_pointer_cast<const ForestModel>(model);
  if (forest == nullptr) {
    return Error{ErrorCode::kInvalidArgument,
                 "only forests of trees and linear models tell what each column contributes", "", 0, "shap"};
  }
  HONE_ASSIGN_OR_RETURN(ForestContributions made, ForestContributions::Make(std::move(forest)));
  const auto shared = std::make_shared<const ForestContributions>(std::move(made));
  return Explainer{shared->outputs(), [shared](auto row, auto out) { shared->Explain(row, out); }};
}

Status CheckParts(std::span<const ModelPart> parts) {
  const auto is_number = [](const ModelPart& part) { return part.model->kind() == AnswerKind::kNumber; };
  if (parts.size() == 1 || std::all_of(parts.begin(), parts.end(), is_number)) return OkStatus();
  return Error{ErrorCode::kInvalidArgument,
               "the mean of several probabilities is not made of contributions to their margins", "", 0, "shap"};
}

// |phi| of rows, by column: out[j * rows + i].
class ContributionRows {
 public:
  ContributionRows(std::span<const ModelPart> parts, std::vector<Explainer> explainers, const Dataset& data)
      : parts_(parts), explainers_(std::move(explainers)), data_(data) {
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (HasOffsets(i)) rows_.push_back(i);
    }
    for (const ModelPart& part : parts_) offset_means_.push_back(MeanOfOffset(part));
  }

  std::size_t rows() const { return rows_.size(); }

  void Explain(std::size_t begin, std::size_t end, std::span<double> out) const {
    const std::size_t width = data_.width(), outputs = explainers_.front().outputs;
    std::vector<double> sums(outputs * width);
    for (std::size_t i = begin; i < end; ++i) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (std::size_t p = 0; p < parts_.size(); ++p) AddPart(p, data_.row(rows_[i]), sums);
      for (std::size_t k = 0; k < sums.size(); ++k) {
        out[k % width * rows_.size() + i] += std::fabs(sums[k]) / static_cast<double>(parts_.size());
      }
    }
  }

 private:
  static std::size_t OffsetOf(const ModelPart& part) { return static_cast<std::size_t>(part.offset_column); }

  bool HasOffsets(std::size_t row) const {
    return std::all_of(parts_.begin(), parts_.end(), [&](const ModelPart& part) {
      return part.offset_column < 0 || std::isfinite(data_.row(row)[OffsetOf(part)]);
    });
  }

  double MeanOfOffset(const ModelPart& part) const {
    if (part.offset_column < 0) return 0;
    double sum = 0;
    for (const std::size_t row : rows_) sum += data_.row(row)[OffsetOf(part)];
    return sum / static_cast<double>(rows_.size());
  }

  void AddPart(std::size_t p, std::span<const double> row, std::span<double> sums) const {
    const ModelPart& part = parts_[p];
    const std::size_t own = part.columns.size(), width = row.size();
    std::vector<double> narrow(own), out(explainers_[p].outputs * (own + 1));
    for (std::size_t j = 0; j < own; ++j) narrow[j] = row[part.columns[j]];
    explainers_[p].explain(narrow, out);
    for (std::size_t k = 0; k < explainers_[p].outputs; ++k) {
      for (std::size_t j = 0; j < own; ++j) sums[k * width + part.columns[j]] += out[k * (own + 1) + j];
    }
    if (part.offset_column >= 0) sums[OffsetOf(part)] += row[OffsetOf(part)] - offset_means_[p];
  }

  const std::span<const ModelPart> parts_;
  const std::vector<Explainer> explainers_;
  const Dataset& data_;
  std::vector<std::size_t> rows_;
  std::vector<double> offset_means_;  // of each part
};

}  // namespace

Result<ContributionImportance> MeasureContributions(std::span<const ModelPart> parts, const Dataset& data,
                                                    const ContributionOptions& options, Executor& executor) {
  HONE_RETURN_IF_ERROR(CheckParts(parts));
  std::vector<Explainer> explainers;
  for (const ModelPart& part : parts) {
    HONE_ASSIGN_OR_RETURN(Explainer explainer, ExplainerOf(part.model));
    explainers.push_back(std::move(explainer));
  }
  const ContributionRows contributions(parts, std::move(explainers), data);
  const std::size_t rows = contributions.rows();
  if (rows == 0) return Error{ErrorCode::kInvalidData, "there are no rows to explain"};
  std::vector<double> sizes(rows * data.width());
  ParallelFor(executor, static_cast<int>((rows + kChunkRows - 1) / kChunkRows), [&](int chunk) {
    const std::size_t begin = static_cast<std::size_t>(chunk) * kChunkRows;
    contributions.Explain(begin, std::min(rows, begin + kChunkRows), sizes);
  });
  ContributionImportance measured{rows, {}};
  const int horizon = LabelHorizon(data, 0, data.rows());
  for (std::size_t j = 0; j < data.width(); ++j) {
    Random random = Random::Stream(options.seed, data.names[j]);
    const std::span<const double> column(sizes.data() + j * rows, rows);
    measured.columns.push_back(MeanOfDependentRows(column, BlockRowsOf(column, horizon), options, random));
  }
  return measured;
}

}  // namespace hone
