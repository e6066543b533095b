#include "hone/feature_flags.h"

#include <algorithm>
#include <memory>

#include "base/files.h"
#include "features/store/registered_features.h"
#include "hone/state_folder.h"

namespace hone {
namespace {

constexpr std::size_t kLargestDefinitions = 1 << 20;

}  // namespace

void AddDefinitionSources(Command verb, DefinitionSources& sources) {
  verb.AddOption("--features", sources.files, "YAML file of features defined by name; repeat for more").OneValueEach();
  verb.AddOption("--dir", sources.directory, "folder whose registered features are names too");
}

void AddFeatureFlags(Command verb, FeatureFlags& flags) {
  verb.AddOption("--data", flags.data,
                 "bars: a CSV (gzip too), a LEAN zip, Parquet, or synthetic:calm|break|gradual|flicker[,bars=N]")
      .Required();
  verb.AddOption("--seed", flags.seed, "seed of a synthetic market").ShowDefault();
  verb.AddOption("--feature", flags.features,
                 "an expression, 'zscore(close / ema(close, 20) - 1, 100)', or a name; repeat for more")
      .OneValueEach();
  AddDefinitionSources(verb, flags.definitions);
}

Result<UserDefinitions> ReadDefinitions(const DefinitionSources& sources) {
  UserDefinitions definitions;
  if (!sources.directory.empty()) {
    HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(sources.directory));
    HONE_ASSIGN_OR_RETURN(const RegisteredFeatures registered, RegisteredFeatures::Load(*store->database));
    definitions = registered.definitions();
  }
  for (const std::string& file : sources.files) {
    HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kLargestDefinitions));
    HONE_RETURN_IF_ERROR(definitions.Read(text, file));
  }
  return definitions;
}

Result<std::vector<std::string>> ChosenFeatures(const FeatureFlags& flags, const UserDefinitions& definitions) {
  std::vector<std::string> chosen;
  const auto add = [&](const std::string& name) {
    if (std::find(chosen.begin(), chosen.end(), name) == chosen.end()) chosen.push_back(name);
  };
  for (const std::string& name : flags.features) {
    const UserDefinition* definition = definitions.Find(name);
    if (definition == nullptr || !definition->embedding()) {
      chosen.push_back(name);
    } else {
      for (const SyntaxNode& component : definition->tree.children) add(component.name);
    }
  }
  if (flags.features.empty()) {
    for (const UserDefinition& definition : definitions.definitions()) {
      if (!definition.embedding()) add(definition.name);
    }
  }
  if (!chosen.empty()) return chosen;
  return Error{ErrorCode::kInvalidArgument, "give at least one --feature EXPRESSION, or --features FILE", "", 0, ""};
}

std::vector<std::vector<double>> AllColumns(FeatureSet& set, std::span<const Bar> bars) {
  std::vector<std::vector<double>> columns(set.width());
  for (auto& column : columns) column.reserve(bars.size());
  for (std::size_t begin = 0; begin < bars.size(); begin += set.block_bars()) {
    set.UpdateBlock(bars.subspan(begin, std::min(set.block_bars(), bars.size() - begin)));
    for (std::size_t i = 0; i < set.width(); ++i) {
      columns[i].insert(columns[i].end(), set.column(i).begin(), set.column(i).end());
    }
  }
  return columns;
}

}  // namespace hone
