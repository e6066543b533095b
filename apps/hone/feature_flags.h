// What the verbs of `hone features` take: expressions, and files that define more of them by name.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "features/feature_set.h"
#include "hone/command_line.h"

namespace hone {

// Where names that expressions may use are defined.
struct DefinitionSources {
  std::vector<std::string> files;
  std::string directory;  // "": none
};

struct FeatureFlags {
  std::string data;
  std::uint64_t seed = 0;
  std::vector<std::string> features;  // expressions or names
  DefinitionSources definitions;
  std::string output;
};

// --data, --seed, --feature, --features and --dir.
void AddFeatureFlags(Command verb, FeatureFlags& flags);
// --features and --dir alone.
void AddDefinitionSources(Command verb, DefinitionSources& sources);

// Those registered in the folder, then those of the files.
Result<UserDefinitions> ReadDefinitions(const DefinitionSources& sources);

// What --feature names, embeddings by their components; without it, every definition there is. Errors: neither is given
// (kInvalidArgument).
Result<std::vector<std::string>> ChosenFeatures(const FeatureFlags& flags, const UserDefinitions& definitions);

// Values of all features over a whole series, by blocks: column i has a value a bar, NaN where it is missing.
std::vector<std::vector<double>> AllColumns(FeatureSet& set, std::span<const Bar> bars);

}  // namespace hone
