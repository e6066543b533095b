#include "performance/direct_loss_estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "features/dataset.h"
#include "models/model.h"
#include "performance/row_values.h"
#include "stats/held_out_runs.h"
#include "stats/losses.h"

namespace hone {
namespace {

using RowLoss = double (*)(double prediction, double outcome);

double AbsoluteRowError(double prediction, double outcome) { return std::abs(prediction - outcome); }
double SignedRowError(double prediction, double outcome) { return prediction - outcome; }

bool PositiveRow(const ScoredRow& row) { return row.prediction > 0 && (std::isnan(row.outcome) || row.outcome > 0); }
bool PositiveRows(const FeaturedRows& rows) { return std::all_of(rows.rows.begin(), rows.rows.end(), PositiveRow); }

// What the loss is learned from: the prediction, then the features. Labels are the caller's.
Dataset Inputs(const FeaturedRows& rows) {
  Dataset data;
  data.names = {"prediction"};
  data.names.insert(data.names.end(), rows.names.begin(), rows.names.end());
  const std::size_t width = rows.names.size();
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    data.time.push_back(rows.rows[i].time);
    data.label_time.push_back(rows.rows[i].time + 1);
    data.x.push_back(rows.rows[i].prediction);
    const auto begin = rows.features.begin() + static_cast<std::ptrdiff_t>(i * width);
    data.x.insert(data.x.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  }
  data.y.assign(rows.rows.size(), 0);
  return data;
}

Dataset FittedRows(const Dataset& data, const HeldOutRows& run) {
  Dataset fitted = Slice(data, 0, run.left);
  const Dataset later = Slice(data, run.right, data.rows());
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(fitted.time, later.time);
  append(fitted.label_time, later.label_time);
  append(fitted.x, later.x);
  append(fitted.y, later.y);
  return fitted;
}

// A model of the loss within the range of the losses it has seen.
class LossModel {
 public:
  static Result<LossModel> Fit(const Dataset& data, const Learner& learner, std::uint64_t seed) {
    HONE_ASSIGN_OR_RETURN(const FittedModel fitted, learner.Fit(data, {}, seed));
    const auto [low, high] = std::minmax_element(data.y.begin(), data.y.end());
    return LossModel(fitted.model, *low, *high);
  }
  double Expect(std::span<const double> row) const { return std::clamp(model_->Predict(row), low_, high_); }

 private:
  LossModel(ModelPointer model, double low, double high) : model_(std::move(model)), low_(low), high_(high) {}

  ModelPointer model_;
  double low_, high_;
};

double MeanOfValues(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class DirectEstimate {
 public:
  DirectEstimate(const FeaturedRows& reference, const FeaturedRows& current, const Learner& learner,
                 const EstimateTerms& terms, std::uint64_t seed)
      : reference_(Inputs(reference)),
        current_(Inputs(current)),
        reference_rows_(reference.rows),
        current_rows_(current.rows),
        learner_(learner),
        terms_(terms),
        seed_(seed) {}

  // `loss`: has its name and kind.
  Result<ExpectedLoss> Of(RowLoss formula, ExpectedLoss loss) {
    reference_.y =
        OfEachRow(reference_rows_, [&](const ScoredRow& row) { return formula(row.prediction, row.outcome); });
    HONE_ASSIGN_OR_RETURN(loss.reference_residuals, ReferenceResiduals());
    HONE_ASSIGN_OR_RETURN(const LossModel model, LossModel::Fit(reference_, learner_, seed_));
    std::vector<double> expected, expected_there, realised;
    for (std::size_t i = 0; i < current_rows_.size(); ++i) {
      expected.push_back(model.Expect(current_.row(i)));
      if (std::isnan(current_rows_[i].outcome)) continue;
      expected_there.push_back(expected.back());
      realised.push_back(formula(current_rows_[i].prediction, current_rows_[i].outcome));
      loss.residuals.push_back(realised.back() - expected.back());
    }
    loss.expected = MeanOfValues(expected);
    loss.rows = static_cast<std::int64_t>(expected.size());
    if (realised.empty()) return loss;
    loss.expected_there = MeanOfValues(expected_there);
    loss.realised = MeanOfValues(realised);
    return loss;
  }

 private:
  Result<std::vector<double>> ReferenceResiduals() const {
    std::vector<double> residuals(reference_.rows());
    const auto gap = static_cast<std::size_t>(terms_.horizon);
    for (const HeldOutRows& run : HoldOutRuns(reference_.rows(), terms_.folds, gap)) {
      HONE_ASSIGN_OR_RETURN(const LossModel model, LossModel::Fit(FittedRows(reference_, run), learner_, seed_));
      for (std::size_t i = run.begin; i < run.end; ++i) {
        residuals[i] = reference_.y[i] - model.Expect(reference_.row(i));
      }
    }
    return residuals;
  }

  Dataset reference_, current_;
  const std::vector<ScoredRow>&reference_rows_, &current_rows_;
  const Learner& learner_;
  EstimateTerms terms_;
  std::uint64_t seed_;
};

}  // namespace

Result<std::vector<ExpectedLoss>> EstimateLossDirectly(const FeaturedRows& reference, const FeaturedRows& current,
                                                       const Learner& learner, const EstimateTerms& terms,
                                                       std::uint64_t seed) {
  HONE_RETURN_IF_ERROR(CheckEstimateRows(reference.rows, current.rows, terms));
  DirectEstimate estimate(reference, current, learner, terms, seed);
  const auto named = [](const char* name, bool root, bool is_signed) {
    ExpectedLoss loss;
    loss.name = name;
    loss.root = root;
    loss.is_signed = is_signed;
    return loss;
  };
  std::vector<ExpectedLoss> losses;
  HONE_ASSIGN_OR_RETURN(losses.emplace_back(), estimate.Of(&AbsoluteRowError, named("mae", false, false)));
  HONE_ASSIGN_OR_RETURN(losses.emplace_back(), estimate.Of(&SquaredError, named("rmse", true, false)));
  HONE_ASSIGN_OR_RETURN(losses.emplace_back(), estimate.Of(&SignedRowError, named("bias", false, true)));
  if (PositiveRows(reference) && PositiveRows(current)) {
    HONE_ASSIGN_OR_RETURN(losses.emplace_back(), estimate.Of(&Qlike, named("qlike", false, false)));
  }
  return losses;
}

}  // namespace hone
