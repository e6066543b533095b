// Training rows from a series of bars, by the very objects that serve live prediction.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "features/dataset.h"
#include "features/expression/user_definitions.h"
#include "market/bar.h"

namespace hone {

// One row per bar at which all `features` are warmed up and whose label is known at the end of the series:
// time = the bar's known_at, label_time = known_at of the bar `horizon` later. May have no rows (a short series).
// Errors: unknown feature or target, horizon out of range (kInvalidArgument). `definitions`: names that features may
// use.
Result<Dataset> BuildDataset(const BarSeries& series, const std::vector<std::string>& features,
                             const std::string& target, int horizon, const UserDefinitions& definitions = {});

// The same with the label of a row the value of an expression `horizon` bars later, at least one: with horizon 5,
// log(close / close[5]) is the return of the five bars to come. Rows whose label is missing are left out.
Result<Dataset> BuildDatasetOfExpression(const BarSeries& series, const std::vector<std::string>& features,
                                         const std::string& expression, int horizon,
                                         const UserDefinitions& definitions = {});

}  // namespace hone
