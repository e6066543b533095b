// What commands read from files: policy, model definition, bars.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/model_definition.h"
#include "engine/policy.h"
#include "market/bar.h"
#include "market/synthetic.h"

namespace hone {

// "" is the default policy.
Result<Policy> LoadPolicy(const std::string& path);
// "" is the built-in `volatility` model.
Result<ModelDefinition> LoadModelDefinition(const std::string& path);

// Bars of a file or of "synthetic:NAME"; then `synthetic` is the market they come from.
struct BarSource {
  BarSeries series;
  std::optional<SyntheticMarket> synthetic;
};
// What the reader noticed goes to stderr, a line each.
Result<BarSource> LoadBarSource(const std::string& source, std::uint64_t seed);

}  // namespace hone
