// A row of predictions as a Prediction. Internal to outcomes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "records/prediction.h"
#include "storage/statement.h"

namespace hone {

// Of a table or view with the alias p, in the order ReadPrediction reads them: columns 0 to 8.
inline constexpr std::string_view kPredictionColumns =
    "p.id, p.time, p.model, p.version, p.role, p.propensity, p.features, p.value, p.latency";

// kCorrupt, naming `path`, when a stored value is not of its kind.
Result<Prediction> ReadPrediction(const Statement& row, const std::string& path);

}  // namespace hone
