// Metrics of predictions of a number.
//
//   mae, rmse             mean absolute error, root mean squared error
//   bias                  mean of prediction - outcome
//   above                 share of predictions above their outcome (a half where equal): 0.5 leans neither way
//   accuracy              share of predictions with the sign of their outcome; where outcomes have both signs
//   qlike                 of variance forecasts (losses.h); where all predictions and outcomes are above 0
//   win_rate              share of rows on which the prediction was nearer than the baseline (a half where equal)
//   rmse_gain             RMSE of the baseline less that of the predictions, on the rows with a baseline
#pragma once

#include <span>
#include <vector>

#include "performance/metric.h"

namespace hone {

// Rows in time order, finite. Only the metrics that the rows allow.
std::vector<Metric> RegressionMetrics(std::span<const ScoredRow> rows, const MetricTerms& terms);

}  // namespace hone
