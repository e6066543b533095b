// hone features: compute, list, show and check features, built-in ones and expressions; what models make of them; the
// feature store.
#include <fmt/format.h>

#include <memory>

#include "hone/commands.h"
#include "hone/feature_check.h"
#include "hone/feature_compute.h"
#include "hone/feature_flags.h"
#include "hone/feature_learning_verbs.h"
#include "hone/feature_store_verbs.h"
#include "hone/feature_words.h"
#include "hone/inputs.h"
#include "hone/output.h"

namespace hone {
namespace {

struct FeatureCheckFlags : FeatureFlags {
  FeatureCheckOptions options;
  std::string policy;
};

struct WordFlags {
  DefinitionSources definitions;
  std::string text, output;
};

Status ListFeatures(const WordFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.definitions));
  Print(flags.output == "json" ? FeatureListJson(definitions) : FeatureListTable(definitions));
  return OkStatus();
}

Status ShowFeature(const WordFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.definitions));
  const bool json = flags.output == "json";
  HONE_ASSIGN_OR_RETURN(const std::string text,
                        json ? FeatureJson(flags.text, definitions) : FeatureTable(flags.text, definitions));
  Print(text);
  return OkStatus();
}

Status RunCheck(const FeatureCheckFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.definitions));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> features, ChosenFeatures(flags, definitions));
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  FeatureCheckOptions options = flags.options;
  options.drift = policy.drift;
  HONE_ASSIGN_OR_RETURN(const FeatureCheck check, CheckFeatures(features, source.series, definitions, options));
  const std::vector<Bar>& bars = source.series.bars;
  Print(flags.output == "json" ? FeatureCheckJson(check, bars) : FeatureCheckTable(check, bars));
  if (check.passed()) return OkStatus();
  if (check.looks_ahead()) {
    return Error{ErrorCode::kInvalidData, "a feature looks ahead: its past values change with later bars", flags.data};
  }
  const SkewedCell& first = *check.skew->first;
  return Error{ErrorCode::kInvalidData,
               fmt::format("{}: was logged with another value than the bars give", FormatTime(first.time)), options.log,
               first.line, features[first.feature]};
}

void AddCompute(Command noun) {
  Command verb = noun.AddCommand("compute", "Values of features over bars, a row a bar");
  auto flags = std::make_shared<ComputeFlags>();
  flags->output = "csv";
  AddFeatureFlags(verb, *flags);
  verb.AddOption("--output", flags->output, "csv, json or parquet").OneOf({"csv", "json", "parquet"}).ShowDefault();
  verb.AddOption("--output-file", flags->file, "file to write instead of stdout; appears when it is whole");
  verb.OnChoice([flags] { return ExitCodeOf(ComputeFeatures(*flags)); });
}

void AddWords(Command noun) {
  for (const bool one : {false, true}) {
    Command verb = noun.AddCommand(
        one ? "show" : "list", one ? "What a feature, an indicator or an expression is" : "All features and functions");
    auto flags = std::make_shared<WordFlags>();
    flags->output = "table";
    if (one) verb.AddOption("feature", flags->text, "a name or an expression").Required();
    AddDefinitionSources(verb, flags->definitions);
    AddOutputOption(verb, flags->output);
    auto* const act = one ? ShowFeature : ListFeatures;
    verb.OnChoice([flags, act] { return ExitCodeOf(act(*flags)); });
  }
}

void AddCheck(Command noun) {
  Command verb = noun.AddCommand(
      "check", "Look-ahead, warm-up, missing values, redundancy, stability and skew; 1 on look-ahead or skew");
  auto flags = std::make_shared<FeatureCheckFlags>();
  flags->output = "table";
  AddFeatureFlags(verb, *flags);
  FeatureCheckOptions& options = flags->options;
  verb.AddOption("--cuts", options.cuts, "prefixes and later beginnings to compare with")
      .Between(1, 10'000)
      .ShowDefault();
  verb.AddOption("--tolerance", options.tolerance, "relative difference at which a beginning no longer matters")
      .Between(0.0, 1.0)
      .ShowDefault();
  verb.AddOption("--redundant", options.redundant, "|rank correlation| from which a pair is told")
      .Between(0.0, 1.0)
      .ShowDefault();
  verb.AddOption("--windows", options.windows, "windows, each compared with the one before it for drift")
      .Between(2, 1000)
      .ShowDefault();
  verb.AddOption("--policy", flags->policy, "policy YAML with the thresholds of drift; without it, the defaults");
  verb.AddOption("--log", options.log,
                 "CSV of features by time as a server saw them: must have the bits that the bars give");
  AddOutputOption(verb, flags->output);
  verb.OnChoice([flags] { return ExitCodeOf(RunCheck(*flags)); });
}

}  // namespace

void AddFeaturesCommand(Command app) {
  Command noun =
      app.AddNoun("features", "Features of bars: compute, list, show, check, generate, importance; the feature store");
  AddCompute(noun);
  AddWords(noun);
  AddCheck(noun);
  AddFeatureGenerateVerb(noun);
  AddFeatureImportanceVerb(noun);
  AddFeatureStoreVerbs(noun);
}

}  // namespace hone
