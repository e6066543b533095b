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
#include "market/timed_rows.h"

namespace hone {

// "" is the default policy.
Result<Policy> LoadPolicy(const std::string& path);
// "" is the built-in `volatility` model. Registered features are looked up in the folder, where it has a store ("":
// none is asked), and what is to be told of them goes to stderr, a line each; a model that is there already keeps those
// it has.
Result<ModelDefinition> LoadModelDefinition(const std::string& path, const std::string& directory);

// Bars of a file or of "synthetic:NAME"; then `synthetic` is the market they come from.
struct BarSource {
  BarSeries series;
  std::optional<SyntheticMarket> synthetic;
};
// What the reader noticed goes to stderr, a line each.
Result<BarSource> LoadBarSource(const std::string& source, std::uint64_t seed);

// The text of a CSV, gzipped or not, at most 512 MiB.
Result<std::string> ReadTable(const std::string& path);
// A word on stderr where the last line of what was read has no end.
void NoteMissingLineEnd(const TimedRows& rows, const std::string& path);

}  // namespace hone
