// Does a feature keep its distribution? The rows after the warm-up are cut into windows of equal length, in time order,
// and each is compared with the one before it by `hone drift check`'s default detector: false alarms are controlled
// over all features of a comparison, dependent values are allowed for, and a window with too few independent rows is
// judged no_data, never stable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "drift/drift_policy.h"
#include "records/drift_event.h"

namespace hone {

struct FeatureStability {
  int judged = 0;                       // windows that could be compared with the one before
  int moved = 0;                        // of those, windows in which the feature drifted
  Severity severity = Severity::kNone;  // the worst of those
  // Of the comparison with the largest shift: that, in interquartile ranges, and when its window begins.
  double largest_shift = 0;
  std::size_t largest_row = 0;
  std::int64_t needed_rows = 0;  // most rows a window must have for its levels to be judged; 0 where all have them
};

// `columns`: one a feature, all of the same length, NaN is missing; `begin`: rows that are left out at the start. An
// answer a feature; fewer rows than windows judge nothing. `windows` >= 2. Errors: those of DriftCheck::Make.
Result<std::vector<FeatureStability>> CheckStability(const std::vector<std::string>& names,
                                                     const std::vector<std::vector<double>>& columns, std::size_t begin,
                                                     int windows, const DriftPolicy& policy);

}  // namespace hone
