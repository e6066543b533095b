// Confidence-based performance estimation (CBPE; NannyML): what probabilities of an event are worth before it is known
// whether it happened. The reference calibrates them, by isotonic regression; with c the calibrated probability of a
// row and q the one predicted, a loss L is expected to be c L(q, 1) + (1 - c) L(q, 0). Reference rows are calibrated by
// folds of consecutive rows, each without its own.
//
// It sees that rows are harder than before. It cannot see that the concept moved: that is the gap (estimated_metric.h).
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "performance/estimated_metric.h"

namespace hone {

struct EstimateTerms {
  int folds = 5;    // [2, 100]
  int horizon = 1;  // rows until an outcome is known: kept between what is fitted on and what is judged
};

// kInvalidData for fewer reference rows than 30 or three horizons a fold, or no current rows.
Status CheckEstimateRows(std::span<const ScoredRow> reference, std::span<const ScoredRow> current,
                         const EstimateTerms& terms);

// accuracy, log_loss, brier, bias and auc (where it is defined) as BinaryMetrics has them. Rows in time order, of
// predictions within [0, 1]; outcomes 0 or 1, of current rows NaN where not known. kInvalidData for
// rows that CheckEstimateRows refuses, or where all reference outcomes are the same.
Result<std::vector<ExpectedLoss>> EstimateByConfidence(std::span<const ScoredRow> reference,
                                                       std::span<const ScoredRow> current, const EstimateTerms& terms);

}  // namespace hone
