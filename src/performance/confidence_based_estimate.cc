#include "performance/confidence_based_estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "performance/row_values.h"
#include "stats/binary_losses.h"
#include "stats/expected_roc_area.h"
#include "stats/held_out_runs.h"
#include "stats/isotonic_regression.h"

namespace hone {
namespace {

constexpr std::size_t kRowsOfAFold = 30;

using RowNumbers = std::vector<double>;
using BinaryLoss = double (*)(double probability, double outcome);

// Rows, and what the probability of each is by the calibration.
struct Calibrated {
  RowNumbers predictions, probabilities, outcomes;

  double Expected(BinaryLoss loss, std::size_t i) const {
    return probabilities[i] * loss(predictions[i], 1) + (1 - probabilities[i]) * loss(predictions[i], 0);
  }
};

RowNumbers Predictions(std::span<const ScoredRow> rows) {
  return OfEachRow(rows, [](const ScoredRow& row) { return row.prediction; });
}
RowNumbers Outcomes(std::span<const ScoredRow> rows) {
  return OfEachRow(rows, [](const ScoredRow& row) { return row.outcome; });
}

Calibrated CalibrateReference(std::span<const ScoredRow> rows, const EstimateTerms& terms) {
  Calibrated reference{Predictions(rows), RowNumbers(rows.size()), Outcomes(rows)};
  for (const HeldOutRows& run : HoldOutRuns(rows.size(), terms.folds, static_cast<std::size_t>(terms.horizon))) {
    RowNumbers x, y;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!run.FittedOn(i)) continue;
      x.push_back(rows[i].prediction);
      y.push_back(rows[i].outcome);
    }
    const IsotonicRegression calibration(x, y);
    for (std::size_t i = run.begin; i < run.end; ++i) reference.probabilities[i] = calibration.At(rows[i].prediction);
  }
  return reference;
}

Calibrated CalibrateCurrent(const Calibrated& reference, std::span<const ScoredRow> rows) {
  const IsotonicRegression calibration(reference.predictions, reference.outcomes);
  Calibrated current{Predictions(rows), {}, Outcomes(rows)};
  for (const double prediction : current.predictions) current.probabilities.push_back(calibration.At(prediction));
  return current;
}

Calibrated Labelled(const Calibrated& rows) {
  Calibrated labelled;
  for (std::size_t i = 0; i < rows.outcomes.size(); ++i) {
    if (std::isnan(rows.outcomes[i])) continue;
    labelled.predictions.push_back(rows.predictions[i]);
    labelled.probabilities.push_back(rows.probabilities[i]);
    labelled.outcomes.push_back(rows.outcomes[i]);
  }
  return labelled;
}

double MeanExpected(const Calibrated& rows, BinaryLoss loss) {
  double sum = 0;
  for (std::size_t i = 0; i < rows.predictions.size(); ++i) sum += rows.Expected(loss, i);
  return sum / static_cast<double>(rows.predictions.size());
}

double MeanRealised(const Calibrated& rows, BinaryLoss loss) {
  double sum = 0;
  for (std::size_t i = 0; i < rows.predictions.size(); ++i) sum += loss(rows.predictions[i], rows.outcomes[i]);
  return sum / static_cast<double>(rows.predictions.size());
}

RowNumbers Residuals(const Calibrated& rows, BinaryLoss loss) {
  RowNumbers residuals;
  for (std::size_t i = 0; i < rows.predictions.size(); ++i) {
    residuals.push_back(loss(rows.predictions[i], rows.outcomes[i]) - rows.Expected(loss, i));
  }
  return residuals;
}

double PromiseExcess(double probability, double outcome) { return probability - outcome; }

// The area's error is a mean of these to first order.
RowNumbers RocResiduals(const Calibrated& rows) {
  const ExpectedRocArea roc = ExpectAreaUnderRoc(rows.predictions, rows.probabilities);
  RowNumbers residuals;
  for (std::size_t i = 0; i < roc.slope.size(); ++i) {
    residuals.push_back((rows.outcomes[i] - rows.probabilities[i]) * roc.slope[i] *
                        static_cast<double>(roc.slope.size()));
  }
  return residuals;
}

void AddExpectedRocArea(const Calibrated& reference, const Calibrated& current, const Calibrated& labelled,
                        std::vector<ExpectedLoss>& losses) {
  ExpectedLoss loss;
  loss.name = "auc";
  loss.higher_is_better = true;
  loss.reference_residuals = RocResiduals(reference);
  loss.expected = ExpectAreaUnderRoc(current.predictions, current.probabilities).area;
  loss.rows = static_cast<std::int64_t>(current.predictions.size());
  loss.expected_there = ExpectAreaUnderRoc(labelled.predictions, labelled.probabilities).area;
  loss.realised = ExpectAreaUnderRoc(labelled.predictions, labelled.outcomes).area;
  if (std::isfinite(loss.expected_there) && std::isfinite(loss.realised)) loss.residuals = RocResiduals(labelled);
  if (std::isfinite(loss.expected) && !loss.reference_residuals.empty()) losses.push_back(std::move(loss));
}

Status CheckEvents(std::span<const ScoredRow> reference) {
  const auto events =
      std::count_if(reference.begin(), reference.end(), [](const ScoredRow& row) { return row.outcome > 0.5; });
  if (events == 0 || events == static_cast<std::ptrdiff_t>(reference.size())) {
    return Error{ErrorCode::kInvalidData, "all outcomes of the reference are the same"};
  }
  return OkStatus();
}

}  // namespace

Status CheckEstimateRows(std::span<const ScoredRow> reference, std::span<const ScoredRow> current,
                         const EstimateTerms& terms) {
  const std::size_t needed =
      static_cast<std::size_t>(terms.folds) * std::max(kRowsOfAFold, 3 * static_cast<std::size_t>(terms.horizon));
  if (reference.size() < needed) {
    return Error{ErrorCode::kInvalidData, fmt::format("the reference has {} rows with an outcome, {} folds need {}",
                                                      reference.size(), terms.folds, needed)};
  }
  if (current.empty()) return Error{ErrorCode::kInvalidData, "there are no current rows"};
  return OkStatus();
}

Result<std::vector<ExpectedLoss>> EstimateByConfidence(std::span<const ScoredRow> reference,
                                                       std::span<const ScoredRow> current, const EstimateTerms& terms) {
  HONE_RETURN_IF_ERROR(CheckEstimateRows(reference, current, terms));
  HONE_RETURN_IF_ERROR(CheckEvents(reference));
  const Calibrated known = CalibrateReference(reference, terms), now = CalibrateCurrent(known, current);
  const Calibrated labelled = Labelled(now);
  const struct {
    const char* name;
    BinaryLoss loss;
    bool higher_is_better, is_signed;
  } metrics[] = {{"accuracy", &Hit, true, false},
                 {"log_loss", &LogLoss, false, false},
                 {"brier", &BrierLoss, false, false},
                 {"bias", &PromiseExcess, false, true}};
  std::vector<ExpectedLoss> losses;
  for (const auto& metric : metrics) {
    ExpectedLoss loss{metric.name,
                      false,
                      metric.higher_is_better,
                      metric.is_signed,
                      Residuals(known, metric.loss),
                      MeanExpected(now, metric.loss),
                      static_cast<std::int64_t>(current.size()),
                      0,
                      0,
                      {}};
    loss.residuals = Residuals(labelled, metric.loss);
    if (!loss.residuals.empty()) {
      loss.expected_there = MeanExpected(labelled, metric.loss);
      loss.realised = MeanRealised(labelled, metric.loss);
    }
    losses.push_back(std::move(loss));
  }
  AddExpectedRocArea(known, now, labelled, losses);
  return losses;
}

}  // namespace hone
