// The metrics beside win rate and RMSE that the policy has limits for, of a live model's answers, by its target
// (features/targets/target.h).
//
//   return      accuracy      share of answers with the sign of the outcome, of outcomes that are not 0
//               sharpe, max_drawdown    of who is long where the answer is above 0 and short where it is below, with
//                             1 / horizon of the capital for each answer: a row earns
//                             sign(answer) (e^outcome - 1) / horizon, costs not taken out (return_metrics.h). Where
//                             each row is a bar's: several answers to one bar would be several bets on it
//   direction   accuracy      share of rows on which the likelier direction came (an answer above 0.5: up)
//   others      none
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "performance/metric.h"

namespace hone {

// Rows in time order, finite. `terms.rows_a_year` is taken from the rows' own times.
std::vector<Metric> LimitedMetrics(std::string_view target, std::span<const ScoredRow> rows, bool one_a_bar,
                                   MetricTerms terms);

}  // namespace hone
