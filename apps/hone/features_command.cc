// hone features: compute, list, show and check features, built-in ones and expressions.
#include <CLI/CLI.hpp>
#include <memory>

#include "hone/commands.h"
#include "hone/feature_check.h"
#include "hone/feature_compute.h"
#include "hone/feature_flags.h"
#include "hone/feature_words.h"
#include "hone/inputs.h"
#include "hone/output.h"

namespace hone {
namespace {

struct CheckFlags : FeatureFlags {
  FeatureCheckOptions options;
};

struct WordFlags {
  std::vector<std::string> files;
  std::string text, output;
};

// Runs `act` when the verb is chosen; its error is the exit code.
template <typename Flags>
void OnChoice(CLI::App& verb, Commands& commands, int& exit_code, const std::shared_ptr<Flags>& flags,
              Status (*act)(const Flags& flags)) {
  verb.callback([&commands, &exit_code, flags, act] {
    commands.Choose([&exit_code, flags, act] {
      const Status status = act(*flags);
      if (!status.ok()) exit_code = Fail(status.error());
    });
  });
}

Status ListFeatures(const WordFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.files));
  Print(flags.output == "json" ? FeatureListJson(definitions) : FeatureListTable(definitions));
  return OkStatus();
}

Status ShowFeature(const WordFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.files));
  const bool json = flags.output == "json";
  HONE_ASSIGN_OR_RETURN(const std::string text,
                        json ? FeatureJson(flags.text, definitions) : FeatureTable(flags.text, definitions));
  Print(text);
  return OkStatus();
}

Status RunCheck(const CheckFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.files));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> features, ChosenFeatures(flags, definitions));
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  HONE_ASSIGN_OR_RETURN(const FeatureCheck check, CheckFeatures(features, source.series, definitions, flags.options));
  Print(flags.output == "json" ? FeatureCheckJson(check) : FeatureCheckTable(check));
  if (check.passed()) return OkStatus();
  return Error{ErrorCode::kInvalidData, "a feature looks ahead: its past values change with later bars", flags.data, 0,
               ""};
}

void AddCompute(CLI::App& noun, Commands& commands, int& exit_code) {
  CLI::App* verb = noun.add_subcommand("compute", "Values of features over bars, a row a bar");
  auto flags = std::make_shared<FeatureFlags>();
  flags->output = "csv";
  AddFeatureFlags(*verb, *flags);
  verb->add_option("--output", flags->output, "csv or json")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  OnChoice(*verb, commands, exit_code, flags, ComputeFeatures);
}

void AddWords(CLI::App& noun, Commands& commands, int& exit_code) {
  for (const bool one : {false, true}) {
    CLI::App* verb = noun.add_subcommand(
        one ? "show" : "list", one ? "What a feature, an indicator or an expression is" : "All features and functions");
    auto flags = std::make_shared<WordFlags>();
    flags->output = "table";
    if (one) verb->add_option("feature", flags->text, "a name or an expression")->required();
    AddDefinitionFiles(*verb, flags->files);
    AddOutputOption(*verb, flags->output);
    OnChoice(*verb, commands, exit_code, flags, one ? ShowFeature : ListFeatures);
  }
}

void AddCheck(CLI::App& noun, Commands& commands, int& exit_code) {
  CLI::App* verb = noun.add_subcommand("check", "Look-ahead, warm-up, missing values and redundancy; 1 on look-ahead");
  auto flags = std::make_shared<CheckFlags>();
  flags->output = "table";
  AddFeatureFlags(*verb, *flags);
  FeatureCheckOptions& options = flags->options;
  verb->add_option("--cuts", options.cuts, "prefixes and later beginnings to compare with")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  verb->add_option("--tolerance", options.tolerance, "relative difference at which a beginning no longer matters")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_option("--redundant", options.redundant, "|rank correlation| from which a pair is told")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  AddOutputOption(*verb, flags->output);
  OnChoice(*verb, commands, exit_code, flags, RunCheck);
}

}  // namespace

void AddFeaturesCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* noun = app.add_subcommand("features", "Features of bars: compute, list, show, check");
  noun->require_subcommand(1);
  AddCompute(*noun, commands, exit_code);
  AddWords(*noun, commands, exit_code);
  AddCheck(*noun, commands, exit_code);
}

}  // namespace hone
