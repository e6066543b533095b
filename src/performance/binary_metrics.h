// Metrics of probabilities of an event (prediction: the probability; outcome: 1 where it happened, else 0).
//
//   accuracy              share of rows whose likelier class is what happened
//   log_loss, brier       binary_losses.h
//   reliability, resolution, uncertainty    of which the Brier score is made (brier_decomposition.h)
//   auc                   area under the ROC curve; where there are rows of both kinds
//   calibration_error     root of the debiased squared error, 0 where that is below 0 (calibration_error.h)
//   bias                  mean of probability - outcome: promised more or less often than it happens
//   win_rate              share of rows on which the log loss is below the baseline's (a half where equal)
#pragma once

#include <span>
#include <vector>

#include "performance/metric.h"

namespace hone {

// Rows in time order; predictions and baselines within [0, 1], outcomes 0 or 1. Only the metrics that the rows allow.
std::vector<Metric> BinaryMetrics(std::span<const ScoredRow> rows, const MetricTerms& terms);

}  // namespace hone
