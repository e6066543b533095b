// hone features: compute, list, show and check features, built-in ones and expressions; the feature store.
#include <memory>

#include "hone/commands.h"
#include "hone/feature_check.h"
#include "hone/feature_compute.h"
#include "hone/feature_flags.h"
#include "hone/feature_store_verbs.h"
#include "hone/feature_words.h"
#include "hone/inputs.h"
#include "hone/output.h"

namespace hone {
namespace {

struct CheckFlags : FeatureFlags {
  FeatureCheckOptions options;
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

Status RunCheck(const CheckFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.definitions));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> features, ChosenFeatures(flags, definitions));
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  HONE_ASSIGN_OR_RETURN(const FeatureCheck check, CheckFeatures(features, source.series, definitions, flags.options));
  Print(flags.output == "json" ? FeatureCheckJson(check) : FeatureCheckTable(check));
  if (check.passed()) return OkStatus();
  return Error{ErrorCode::kInvalidData, "a feature looks ahead: its past values change with later bars", flags.data, 0,
               ""};
}

void AddCompute(Command noun) {
  Command verb = noun.AddCommand("compute", "Values of features over bars, a row a bar");
  auto flags = std::make_shared<FeatureFlags>();
  flags->output = "csv";
  AddFeatureFlags(verb, *flags);
  verb.AddOption("--output", flags->output, "csv or json").OneOf({"csv", "json"}).ShowDefault();
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
  Command verb = noun.AddCommand("check", "Look-ahead, warm-up, missing values and redundancy; 1 on look-ahead");
  auto flags = std::make_shared<CheckFlags>();
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
  AddOutputOption(verb, flags->output);
  verb.OnChoice([flags] { return ExitCodeOf(RunCheck(*flags)); });
}

}  // namespace

void AddFeaturesCommand(Command app) {
  Command noun = app.AddNoun("features", "Features of bars: compute, list, show, check; the feature store");
  AddCompute(noun);
  AddWords(noun);
  AddCheck(noun);
  AddFeatureStoreVerbs(noun);
}

}  // namespace hone
