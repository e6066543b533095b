#include "hone/feature_flags.h"

#include <algorithm>

#include "base/files.h"

namespace hone {
namespace {

constexpr std::size_t kLargestDefinitions = 1 << 20;

}  // namespace

void AddDefinitionFiles(Command verb, std::vector<std::string>& files) {
  verb.AddOption("--features", files, "YAML file of features defined by name; repeat for more").OneValueEach();
}

void AddFeatureFlags(Command verb, FeatureFlags& flags) {
  verb.AddOption("--data", flags.data,
                 "bars: a CSV (gzip too), a LEAN zip, Parquet, or synthetic:calm|break|gradual|flicker[,bars=N]")
      .Required();
  verb.AddOption("--seed", flags.seed, "seed of a synthetic market").ShowDefault();
  verb.AddOption("--feature", flags.features,
                 "an expression, 'zscore(close / ema(close, 20) - 1, 100)', or a name; repeat for more")
      .OneValueEach();
  AddDefinitionFiles(verb, flags.files);
}

Result<UserDefinitions> ReadDefinitions(const std::vector<std::string>& files) {
  UserDefinitions definitions;
  for (const std::string& file : files) {
    HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kLargestDefinitions));
    HONE_RETURN_IF_ERROR(definitions.Read(text, file));
  }
  return definitions;
}

Result<std::vector<std::string>> ChosenFeatures(const FeatureFlags& flags, const UserDefinitions& definitions) {
  std::vector<std::string> chosen = flags.features;
  if (chosen.empty()) {
    for (const UserDefinition& definition : definitions.definitions()) chosen.push_back(definition.name);
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
