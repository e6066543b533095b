// The tables of the feature store.
#pragma once

#include <string>

namespace hone {

// For a migration: feature_definitions, feature_uses, feature_entities, feature_batches, feature_bars, feature_values,
// feature_progress.
std::string FeatureStoreSql();
// For a later one: feature_latest.
std::string LatestValuesSql();

}  // namespace hone
