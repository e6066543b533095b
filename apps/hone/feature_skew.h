// Did a live server see the features that are computed from the bars afterwards? A log of feature values by time is
// held against values recomputed over the bars, bit by bit (a missing value equals a missing value).
//
// The log is what `hone features compute` writes as CSV: `time` is when the bar opened, other columns are features by
// the text they were asked for; columns that were not asked for are left out, and so may features be. The bars must
// begin where the stream of the log began: sums of windows are folded from there.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "market/bar.h"

namespace hone {

struct SkewedCell {
  int line = 0;  // of the log
  Time time = 0;
  std::size_t feature = 0;
  double logged = 0, computed = 0;  // NaN is missing
};

struct FeatureSkew {
  std::size_t rows = 0;                  // of the log, compared
  std::size_t rows_without_bar = 0;      // whose time no bar has
  std::optional<int> first_without_bar;  // line of the log
  std::vector<std::string> not_logged;   // features that the log has no column of
  std::vector<std::size_t> different;    // by feature: cells that differ
  std::optional<SkewedCell> first;       // in the log's order

  bool passed() const { return !first; }
};

// `columns`: values of the features, a value a bar. Errors: those of the log (market/timed_rows.h), no feature in
// common, no row of a bar.
Result<FeatureSkew> CompareWithLog(const std::string& log, const std::vector<std::string>& names,
                                   const std::vector<std::vector<double>>& columns, std::span<const Bar> bars);

}  // namespace hone
