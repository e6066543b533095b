// A replay's record: DIR/replays/<hash>.db, an SQLite file with the tables of a live store (predictions,
// shadow_predictions, outcomes, decisions, drift_events), so that the same queries and `hone why` work on it.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "engine/replay.h"

namespace hone {

// 16 hex digits of the SHA-256 over data, policy, model, seed and sabotage: what a replay's result follows from.
std::string ReplayIdentity(const BarSeries& series, const ReplayOptions& options);

// Writes the file anew, whole or not at all; returns its path. kResourceExhausted when the disk is full.
Result<std::filesystem::path> StoreReplay(const ReplayResult& result, const std::string& identity,
                                          const std::filesystem::path& folder);

}  // namespace hone
