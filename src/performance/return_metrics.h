// Metrics of a strategy's returns (prediction: the position held over a row, -1 short to 1 long, or any size; outcome:
// the instrument's return over the row). A row earns position times return; costs are not taken out.
//
//   win_rate              share of rows with a position that earned more than 0
//   profit_factor         won for each unit lost (profit_factor.h)
//   mean_return           of a row
//   sharpe                of a year (sharpe_ratio.h: autocorrelation taken into account)
//   sortino               of a year, times the root of its rows (sortino_ratio.h)
//   max_drawdown          of the compounded returns (maximum_drawdown.h)
//   turnover              mean change of the position from row to row
//   directional_bias      share of long rows less share of short ones, among those with a position
//   gain                  mean return less that of the baseline's positions, on the rows with a baseline
#pragma once

#include <span>
#include <vector>

#include "performance/metric.h"

namespace hone {

// Rows in time order, finite. Only the metrics that the rows allow.
std::vector<Metric> ReturnMetrics(std::span<const ScoredRow> rows, const MetricTerms& terms);

}  // namespace hone
