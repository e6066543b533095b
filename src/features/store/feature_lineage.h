// What a registered feature is made of, and which others are made of it.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "base/result.h"
#include "features/store/registered_features.h"

namespace hone {

struct FeatureLineage {
  std::set<std::string> columns;      // of bars
  std::set<std::string> formulas;     // "ema version 1": indicators, windows and features of the catalogue
  std::set<std::int64_t> made_of;     // ids of registered features, through all levels
  std::set<std::int64_t> used_by;     // the same the other way
  std::set<std::string> definitions;  // hashes by which a model's manifest would name it: its own, or its components'
};

// Errors: a limit of the graph.
Result<FeatureLineage> LineageOf(const RegisteredFeatures& registered, const RegisteredFeature& feature);

}  // namespace hone
