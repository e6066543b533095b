// Reads what routes of the feature store are asked: the body of POST /api/v1/features, names in paths and queries.
//
//   {"features":[{"name":"trend","expression":"close / ema(close, 20) - 1","tags":["level"]}]}
//
// The keys are those of a YAML definition (features/expression/user_definitions.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

inline constexpr std::size_t kLargestFeatureRegistration = 768 << 10;
inline constexpr std::size_t kMostFeaturesAtOnce = 1000;

// The same as YAML, for RegisteredFeatures::Register. The shape is checked here (kInvalidArgument names line and column
// or the key); whether the definitions mean something is not.
Result<std::string> ReadFeatureRegistration(std::string_view body, const std::string& source);

// "trend" or "trend@2"; else kInvalidArgument.
Status CheckFeatureKey(std::string_view key, const std::string& source);

}  // namespace hone
