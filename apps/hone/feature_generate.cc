// hone features generate: candidates from the grammar of features/candidate_expressions.h, those kept that lower the
// loss beyond the features at hand (learning/feature_screen.h).
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/executor.h"
#include "features/build_dataset.h"
#include "features/candidate_expressions.h"
#include "features/expression/definition_tree.h"
#include "features/targets/target.h"
#include "hone/commands.h"
#include "hone/feature_flags.h"
#include "hone/feature_learning_verbs.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "learning/answer_loss.h"
#include "learning/feature_screen.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::size_t kMostCells = std::size_t{1} << 26;  // of rows and columns: 512 MiB

struct GenerateFlags : FeatureFlags {
  std::string model, learner = "ridge";
  std::optional<std::string> target;
  std::optional<int> horizon;
  int candidates = 200;
  ScreenOptions options;
};

struct Generated {
  Recipe recipe;  // with the features at hand
  std::string target;
  int horizon = 0;
  double alpha = 0;
  CandidateDraw draw;
  FeatureScreen screen;
};

Error WrongFlag(std::string key, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "", 0, std::move(key)};
}

bool IsBuiltInTarget(const std::string& target) {
  const std::vector<std::string> names = TargetNames();
  return std::find(names.begin(), names.end(), target) != names.end();
}

// A real number is learned by its squared error; classes too by ridge, where they are two.
Status SetObjective(const std::string& target, Recipe& recipe) {
  const int classes = IsBuiltInTarget(target) ? TargetClasses(target) : 0;
  if (classes > 2 && recipe.learner == "ridge") {
    return WrongFlag("--learner", fmt::format("ridge does not learn the {} classes of {}; lightgbm and xgboost do",
                                              classes, target));
  }
  if (classes == 0 || recipe.learner == "ridge") return OkStatus();
  recipe.objective = classes == 2 ? Objective::kBinary : Objective::kMulticlass;
  if (classes > 2) recipe.parameters["classes"] = classes;
  return OkStatus();
}

Result<Dataset> RowsToScreen(const BarSeries& series, const Generated& generated, const UserDefinitions& definitions) {
  std::vector<std::string> columns = generated.recipe.features;
  for (const CandidateExpression& candidate : generated.draw.candidates) columns.push_back(candidate.text);
  if (series.bars.size() > kMostCells / columns.size()) {
    return WrongFlag("--candidates",
                     fmt::format("{} bars of {} features and candidates are too many; at most {} values",
                                 series.bars.size(), columns.size(), kMostCells));
  }
  auto* const build = IsBuiltInTarget(generated.target) ? BuildDataset : BuildDatasetOfExpression;
  return build(series, columns, generated.target, generated.horizon, definitions);
}

Status CheckRowsToScreen(const Dataset& data, const BarSource& source, const Generated& generated, int folds) {
  // A fold learns from 30 rows at least, besides those that purge and embargo leave out.
  const std::size_t needed = static_cast<std::size_t>(folds + 1) * static_cast<std::size_t>(30 + 2 * generated.horizon);
  if (data.rows() >= needed) return OkStatus();
  return Error{
      ErrorCode::kInvalidData,
      fmt::format("{} bars give {} rows with an outcome at which every candidate has its first value; {} folds "
                  "need {}",
                  source.series.bars.size(), data.rows(), folds, needed),
      source.series.source};
}

// What a model's own YAML keeps need not be registered in the folder.
Result<UserDefinitions> DefinitionsWith(const PinnedFeatures& pinned, const DefinitionSources& sources) {
  HONE_ASSIGN_OR_RETURN(UserDefinitions definitions, ReadDefinitions(sources));
  for (const UserDefinition& kept : pinned.definitions().definitions()) {
    if (definitions.Find(PinnedName(kept.name, kept.version)) != nullptr) continue;
    HONE_RETURN_IF_ERROR(definitions.AddRegistered(kept, {}));
  }
  return definitions;
}

Result<Generated> Generate(const GenerateFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const ModelDefinition model, LoadModelDefinition(flags.model, flags.definitions.directory));
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, DefinitionsWith(model.pinned, flags.definitions));
  Generated generated;
  generated.target = flags.target.value_or(model.target);
  generated.horizon = flags.horizon.value_or(model.horizon);
  generated.recipe.name = "selected";
  generated.recipe.learner = flags.learner;
  generated.recipe.features = model.features;
  if (!flags.features.empty()) {
    HONE_ASSIGN_OR_RETURN(generated.recipe.features, ChosenFeatures(flags, definitions));
  }
  HONE_RETURN_IF_ERROR(SetObjective(generated.target, generated.recipe));
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  HONE_ASSIGN_OR_RETURN(generated.draw, DrawCandidates(generated.recipe.features, TraitsOf(source.series), definitions,
                                                       static_cast<std::size_t>(flags.candidates), flags.seed));
  HONE_ASSIGN_OR_RETURN(const Dataset data, RowsToScreen(source.series, generated, definitions));
  HONE_RETURN_IF_ERROR(CheckRowsToScreen(data, source, generated, flags.options.folds.folds));
  std::vector<std::string> candidates;
  for (const CandidateExpression& candidate : generated.draw.candidates) candidates.push_back(candidate.text);
  ScreenOptions options = flags.options;
  options.seed = flags.seed;
  options.folds.embargo_rows = static_cast<std::size_t>(generated.horizon);
  const auto executor = MakeThreadPool(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  auto screen = ScreenFeatures(generated.recipe, data, 0, data.rows(), candidates, options, *executor);
  if (!screen.ok()) {
    Error error = screen.error();
    if (error.source.empty() || error.source == "validation") error.source = flags.data;
    return error;
  }
  generated.screen = *std::move(screen);
  return generated;
}

std::size_t CountOf(const FeatureScreen& screen, CandidateState state) {
  return static_cast<std::size_t>(std::count_if(screen.candidates.begin(), screen.candidates.end(),
                                                [state](const auto& candidate) { return candidate.state == state; }));
}

std::size_t Discovered(const FeatureScreen& screen) {
  return CountOf(screen, CandidateState::kDiscovered) + CountOf(screen, CandidateState::kSelected);
}

std::vector<std::string> Kept(const Generated& generated) {
  std::vector<std::string> kept = generated.recipe.features;
  kept.insert(kept.end(), generated.screen.selected.begin(), generated.screen.selected.end());
  return kept;
}

std::string FlowOf(const std::vector<std::string>& features) {
  std::string text;
  for (const std::string& feature : features) text.append(text.empty() ? "'" : ", '").append(feature).append("'");
  return "[" + text + "]";
}

// The keys of a model YAML that change.
std::string GeneratedYaml(const Generated& generated) {
  const std::vector<std::string> kept = Kept(generated);
  std::string text =
      fmt::format("# {} of {} candidates, at most {:g} % of the discoveries false in expectation\n",
                  generated.screen.selected.size(), generated.screen.judged_candidates, 100 * generated.alpha);
  text += "features:\n";
  for (const std::string& feature : kept) text.append("  - '").append(feature).append("'\n");
  text += fmt::format("recipes:\n  - name: {}\n    learner: {}\n", generated.recipe.name, generated.recipe.learner);
  if (generated.recipe.objective != Objective::kRegression) {
    text += fmt::format("    objective: {}\n", ObjectiveName(generated.recipe.objective));
  }
  return text + "    features: " + FlowOf(kept) + "\n";
}

std::string GeneratedJson(const Generated& generated) {
  const FeatureScreen& screen = generated.screen;
  JsonWriter json;
  json.BeginMap().Member("target", generated.target).Member("horizon", generated.horizon);
  json.Member("learner", generated.recipe.learner).Member("loss", LossName(generated.recipe.objective));
  json.Member("alpha", generated.alpha).Member("rows", screen.judged_rows).Member("mean_loss", screen.loss);
  json.Member("selected_mean_loss", screen.selected_loss).Member("derivations", generated.draw.derivations);
  json.Member("repeated", generated.draw.repeated).Member("judged", screen.judged_candidates);
  json.Key("features").BeginList();
  for (const std::string& feature : generated.recipe.features) json.Value(feature);
  json.EndList().Key("selected").BeginList();
  for (const std::string& feature : screen.selected) json.Value(feature);
  json.EndList().Key("candidates").BeginList();
  for (std::size_t i = 0; i < screen.candidates.size(); ++i) {
    const ScreenedCandidate& candidate = screen.candidates[i];
    json.BeginMap().Member("feature", candidate.name).Member("family", generated.draw.candidates[i].family);
    json.Member("state", CandidateStateName(candidate.state));
    if (!candidate.same_as.empty()) json.Member("same_as", candidate.same_as);
    if (candidate.state >= CandidateState::kRefused) {
      json.Member("gain", candidate.gain).Member("p", candidate.p).Member("adjusted_p", candidate.adjusted_p);
      json.Member("effective_rows", candidate.effective_rows);
    }
    json.EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

// Discoveries, those with the smallest p first.
std::string DiscoveryTable(const FeatureScreen& screen) {
  std::vector<const ScreenedCandidate*> found;
  for (const ScreenedCandidate& candidate : screen.candidates) {
    if (candidate.state >= CandidateState::kDiscovered) found.push_back(&candidate);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->p < b->p; });
  std::vector<std::vector<std::string>> table = {{"discovered", "loss lower by", "p", "adjusted p", ""}};
  for (const ScreenedCandidate* candidate : found) {
    table.push_back({candidate->name,
                     fmt::format("{:.4g} ({:.2f} %)", candidate->gain, 100 * candidate->gain / screen.loss),
                     fmt::format("{:.2g}", candidate->p), fmt::format("{:.2g}", candidate->adjusted_p),
                     candidate->state == CandidateState::kSelected ? "selected" : ""});
  }
  return found.empty() ? "nothing discovered\n" : AlignedTable(table);
}

std::string GeneratedTable(const Generated& generated) {
  const FeatureScreen& screen = generated.screen;
  std::string text = fmt::format(
      "{} in {} bars by {}; {} derivations, {} candidates, of which {} the same as others, {} constant, {} mostly "
      "missing\n"
      "{} judged beyond {} features on {} later rows, purged: mean {} {:.4g}, with those selected {:.4g}\n"
      "{} discovered: at most {:g} % of such discoveries are false in expectation (Benjamini-Yekutieli)\n\n",
      generated.target, generated.horizon, generated.recipe.learner, generated.draw.derivations,
      screen.candidates.size(), CountOf(screen, CandidateState::kRedundant), CountOf(screen, CandidateState::kConstant),
      CountOf(screen, CandidateState::kMostlyMissing), screen.judged_candidates, generated.recipe.features.size(),
      screen.judged_rows, LossName(generated.recipe.objective), screen.loss, screen.selected_loss, Discovered(screen),
      100 * generated.alpha);
  text += DiscoveryTable(screen);
  if (screen.selected.empty()) return text;
  return text + "\nin a model YAML:\n\n" + GeneratedYaml(generated);
}

Status PrintGenerated(const GenerateFlags& flags) {
  HONE_ASSIGN_OR_RETURN(Generated generated, Generate(flags));
  generated.alpha = flags.options.alpha;
  if (flags.output == "yaml") {
    Print(GeneratedYaml(generated));
  } else {
    Print(flags.output == "json" ? GeneratedJson(generated) : GeneratedTable(generated));
  }
  return OkStatus();
}

}  // namespace

void AddFeatureGenerateVerb(Command noun) {
  Command verb = noun.AddCommand(
      "generate",
      "New features: candidates from a grammar, kept where they lower the loss on later rows beyond the others");
  auto flags = std::make_shared<GenerateFlags>();
  flags->output = "table";
  AddFeatureFlags(verb, *flags);
  verb.AddOption("--model", flags->model,
                 "model YAML whose features are at hand where no --feature is given, with target and horizon; without "
                 "it, the built-in volatility model");
  verb.AddOption(
      "--target", flags->target,
      "volatility, return, direction, move, or an expression, whose value --horizon bars later is predicted");
  verb.AddOption("--horizon", flags->horizon, "bars until the outcome is known").Between(1, 1000);
  verb.AddOption("--candidates", flags->candidates, "most candidates drawn").Between(1, 2000).ShowDefault();
  verb.AddOption("--learner", flags->learner, "what learns from the features")
      .OneOf({"ridge", "lightgbm", "xgboost"})
      .ShowDefault();
  ScreenOptions& options = flags->options;
  verb.AddOption("--alpha", options.alpha, "expected share of false ones among the discoveries")
      .Between(1e-6, 0.5)
      .ShowDefault();
  verb.AddOption("--folds", options.folds.folds, "runs of later rows, each judged by what was learned before it")
      .Between(1, 100)
      .ShowDefault();
  verb.AddOption("--redundant", options.redundant, "|correlation| from which a candidate is the same as another")
      .Between(0.5, 1.0)
      .ShowDefault();
  verb.AddOption("--missing", options.missing, "largest share of missing values").Between(0.0, 0.9).ShowDefault();
  verb.AddOption("--most", options.most_selected, "most features selected").Between(0, 256).ShowDefault();
  verb.AddOption("--output", flags->output, "table, json, or yaml: the keys of a model that change")
      .OneOf({"table", "json", "yaml"})
      .ShowDefault();
  verb.OnChoice([flags] { return ExitCodeOf(PrintGenerated(*flags)); });
}

}  // namespace hone
