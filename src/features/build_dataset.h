// Training rows from a series of bars, by the very objects that serve live prediction.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "features/dataset.h"
#include "market/bar.h"

namespace hone {

// One row per bar at which all `features` are warmed up and whose label is known at the end of the series:
// time = the bar's known_at, label_time = known_at of the bar `horizon` later. May have no rows (a short series).
// Errors: unknown feature or target, horizon out of range (kInvalidArgument).
Result<Dataset> BuildDataset(const BarSeries& series, const std::vector<std::string>& features,
                             const std::string& target, int horizon);

}  // namespace hone
