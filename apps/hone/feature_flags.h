// What the verbs of `hone features` take: expressions, and files that define more of them by name.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "features/feature_set.h"
#include "hone/command_line.h"

namespace hone {

struct FeatureFlags {
  std::string data;
  std::uint64_t seed = 0;
  std::vector<std::string> features;  // expressions or names
  std::vector<std::string> files;     // of definitions
  std::string output;
};

// --data, --seed, --feature and --features.
void AddFeatureFlags(Command verb, FeatureFlags& flags);
// --features alone.
void AddDefinitionFiles(Command verb, std::vector<std::string>& files);

Result<UserDefinitions> ReadDefinitions(const std::vector<std::string>& files);

// What --feature names; without it, every definition of the files. Errors: neither is given (kInvalidArgument).
Result<std::vector<std::string>> ChosenFeatures(const FeatureFlags& flags, const UserDefinitions& definitions);

// Values of all features over a whole series, by blocks: column i has a value a bar, NaN where it is missing.
std::vector<std::vector<double>> AllColumns(FeatureSet& set, std::span<const Bar> bars);

}  // namespace hone
