// What the report's script draws, as compact JSON.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "engine/replay.h"

namespace hone {

// Rows a drawn loss is the mean of, and the least there must be: a quarter and a month of days.
inline constexpr std::size_t kLossWindow = 63;
inline constexpr std::size_t kLeastLossRows = 21;
// Drift events drawn.
inline constexpr std::size_t kMostDriftEvents = 4000;

// Root of the mean of the newest `kLossWindow` squared errors at each row; NaN before there are `kLeastLossRows`.
std::vector<double> RollingRmse(std::span<const double> squared_errors);

// A stretch of rows [begin, end) over which one version was champion ("persistence" while frozen). Rows a canary
// answered belong to the champion it challenges.
struct Reign {
  std::string version;
  std::size_t begin = 0, end = 0;
};
std::vector<Reign> Reigns(const ReplayResult& result);

// The most severe `most` events, in their order.
std::vector<DriftEvent> MostSevere(const std::vector<DriftEvent>& events, std::size_t most);

// {"stride", "time": seconds by drawn row, "close", "policies": [{"name", "loss", "behind"}], "versions": [{"name",
// "recipe", "from", "loss"}], "reigns": [{"version", "from", "to"}], "drift": [...]}. Losses are in 1e-4, null where
// unknown; "behind" is the running sum of this policy's squared errors less hone's, in 1e-2.
nlohmann::ordered_json ChartData(const ReplayResult& result);

}  // namespace hone
