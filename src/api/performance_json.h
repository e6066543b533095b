// Running metrics of a model's versions, as JSON. Intervals are [low, high]; null stands for what is not known.
#pragma once

#include <optional>

#include "engine/model_performance.h"
#include "wire/json_writer.h"

namespace hone {

// {"version","stage","status","rows","pending","overdue","from","to","rmse","rmse_interval","mae","mean_loss",
//  "mean_loss_interval","bias","win_rate","win_rate_interval","compared","effective_rows","reference_rmse",
//  "loss_ratio"}; stage is null for persistence.
void WriteVersionPerformance(const VersionPerformance& version, JsonWriter& json);

// {"model","as_of","window","matured","pending","overdue","versions":[...]}
void WritePerformance(const ModelPerformance& performance, JsonWriter& json);

// The champion's, in short, as a member "performance" of an open map: {"version","status","rows","rmse",
// "rmse_interval","win_rate"}, or null.
void WriteChampionMember(const std::optional<VersionPerformance>& champion, JsonWriter& json);

}  // namespace hone
