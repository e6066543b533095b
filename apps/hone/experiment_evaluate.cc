// hone experiment evaluate: what another policy would have earned, from a log of choices made at random: a file's, or
// those of a live experiment.
#include <fmt/format.h>

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "hone/choices_file.h"
#include "hone/experiment_verbs.h"
#include "hone/output.h"
#include "hone/served_choices.h"
#include "hone/state_folder.h"
#include "stats/off_policy/doubly_robust.h"
#include "stats/off_policy/importance_weights.h"
#include "stats/off_policy/inverse_propensity.h"
#include "stats/off_policy/self_normalised_propensity.h"
#include "stats/off_policy/switch_doubly_robust.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct EvaluateFlags {
  std::string data, experiment, directory = kDefaultFolder, always, output = "table";
  double level = 0.95, switch_at = 10, minimum_effective_rows = 100;
};

// What one estimator says; nothing where too few rows carry the weight.
struct Estimated {
  std::string estimator;
  double effective_rows = 0;
  std::optional<OffPolicyEstimate> value, gain;  // gain: over what was logged
};

struct Evaluation {
  OffPolicyEstimate logged;
  ImportanceWeights weights;
  std::vector<Estimated> estimated;
};

class PolicyEvaluator {
 public:
  PolicyEvaluator(const EvaluateFlags& flags, std::span<const LoggedChoice> log)
      : flags_(flags), log_(log), rewards_(TermsOf(log, [](const LoggedChoice& row) { return row.reward; })) {}

  Evaluation Evaluate(bool has_model) const {
    constexpr double kAll = std::numeric_limits<double>::infinity();
    Evaluation evaluation;
    evaluation.logged = EstimateFrom(rewards_, flags_.level);
    evaluation.weights = WeightsOf(log_, flags_.level, kAll);
    const double rows = evaluation.weights.effective_rows;
    const auto add = [&](const char* name, double effective_rows, auto terms) {
      evaluation.estimated.push_back(Estimate(name, effective_rows, terms));
    };
    add("ips", rows, [&] { return InversePropensityTerms(log_); });
    add("snips", rows, [&] { return SelfNormalisedTerms(log_); });
    if (!has_model) return evaluation;
    add("dr", rows, [&] { return DoublyRobustTerms(log_); });
    add("switch_dr", WeightsOf(log_, flags_.level, flags_.switch_at).effective_rows,
        [&] { return SwitchDoublyRobustTerms(log_, flags_.switch_at); });
    return evaluation;
  }

 private:
  template <typename Terms>
  Estimated Estimate(const char* name, double effective_rows, Terms terms_of) const {
    Estimated estimated{name, effective_rows, {}, {}};
    if (effective_rows < flags_.minimum_effective_rows) return estimated;
    std::vector<double> terms = terms_of();
    estimated.value = EstimateFrom(terms, flags_.level);
    for (std::size_t i = 0; i < terms.size(); ++i) terms[i] -= rewards_[i];
    estimated.gain = EstimateFrom(terms, flags_.level);
    return estimated;
  }

  const EvaluateFlags& flags_;
  std::span<const LoggedChoice> log_;
  std::vector<double> rewards_;
};

std::string Refusal(const Estimated& estimated, double minimum) {
  return fmt::format("{:.4g} effective rows, {:.4g} needed", estimated.effective_rows, minimum);
}

bool Plausible(const ImportanceWeights& weights) { return weights.mean.interval.Contains(1); }

// What was chosen: rows and mean reward of each.
std::map<std::string, std::pair<std::int64_t, double>> ByChoice(const ChoicesFile& file) {
  std::map<std::string, std::pair<std::int64_t, double>> by;
  for (std::size_t i = 0; i < file.choices.size(); ++i) {
    auto& [rows, sum] = by[file.choices[i]];
    ++rows;
    sum += file.log[i].reward;
  }
  for (auto& [name, chosen] : by) chosen.second /= static_cast<double>(chosen.first);
  return by;
}

void WriteEstimate(const OffPolicyEstimate& estimate, JsonWriter& json) {
  json.BeginMap().Member("value", estimate.value).Member("standard_error", estimate.standard_error);
  json.Key("interval").BeginList().Value(estimate.interval.low).Value(estimate.interval.high).EndList().EndMap();
}

void WriteEstimated(const Estimated& estimated, double minimum, JsonWriter& json) {
  json.BeginMap().Member("estimator", estimated.estimator).Member("effective_rows", estimated.effective_rows);
  if (!estimated.value) {
    json.Member("refused", Refusal(estimated, minimum)).EndMap();
    return;
  }
  json.Key("policy");
  WriteEstimate(*estimated.value, json);
  json.Key("gain");
  WriteEstimate(*estimated.gain, json);
  json.EndMap();
}

std::string EvaluatedJson(const EvaluateFlags& flags, const ChoicesFile& file, const Evaluation& evaluation) {
  JsonWriter json;
  json.BeginMap().Member("rows", file.log.size()).Member("pending", file.pending);
  json.Member("unsupported", file.unsupported).Key("logged");
  WriteEstimate(evaluation.logged, json);
  json.Key("weights").BeginMap().Member("effective_rows", evaluation.weights.effective_rows);
  json.Member("largest", evaluation.weights.largest).Member("plausible", Plausible(evaluation.weights)).Key("mean");
  WriteEstimate(evaluation.weights.mean, json);
  json.EndMap().Key("estimates").BeginList();
  for (const Estimated& each : evaluation.estimated) WriteEstimated(each, flags.minimum_effective_rows, json);
  json.EndList().Key("choices").BeginList();
  for (const auto& [name, chosen] : ByChoice(file)) {
    json.BeginMap().Member("choice", name).Member("rows", chosen.first).Member("mean_reward", chosen.second).EndMap();
  }
  json.EndList().Member("level", flags.level).Member("minimum_effective_rows", flags.minimum_effective_rows);
  json.Member("switch_at", flags.switch_at).EndMap();
  return json.Take() + "\n";
}

std::vector<std::string> TableRow(const std::string& name, const OffPolicyEstimate& value) {
  return {name, fmt::format("{:.4g}", value.value), fmt::format("{:.2g}", value.standard_error),
          fmt::format("[{:.4g}, {:.4g}]", value.interval.low, value.interval.high)};
}

std::string EvaluatedTable(const EvaluateFlags& flags, const ChoicesFile& file, const Evaluation& evaluation) {
  std::vector<std::vector<std::string>> table = {{"", "mean reward", "error", "interval", "gain", "its interval"}};
  table.push_back(TableRow("logged", evaluation.logged));
  std::string refusals;
  for (const Estimated& each : evaluation.estimated) {
    if (!each.value) {
      refusals += fmt::format("{} refused: {}\n", each.estimator, Refusal(each, flags.minimum_effective_rows));
      continue;
    }
    table.push_back(TableRow(each.estimator, *each.value));
    const std::vector<std::string> gain = TableRow("", *each.gain);
    table.back().push_back(gain[1]);
    table.back().push_back(gain[3]);
  }
  const ImportanceWeights& weights = evaluation.weights;
  std::string text = fmt::format("{} rows worth {:.4g}, weights of mean {:.3g} [{:.3g}, {:.3g}], at most {:.3g}\n",
                                 file.log.size(), weights.effective_rows, weights.mean.value, weights.mean.interval.low,
                                 weights.mean.interval.high, weights.largest);
  if (file.unsupported > 0) {
    text += fmt::format("{} more are left out: what was chosen there was certain, and not the policy's choice\n",
                        file.unsupported);
  }
  if (!Plausible(weights)) {
    text +=
        "the weights' mean should be 1: propensities or targets are wrong, or the log never chose what the policy "
        "would\n";
  }
  return text + "\n" + AlignedTable(table) + refusals;
}

Result<ChoicesFile> ReadChoices(const EvaluateFlags& flags) {
  if (flags.data.empty() == flags.experiment.empty()) {
    return Error{ErrorCode::kInvalidArgument, "give --data or --experiment, one of them", "evaluate"};
  }
  if (!flags.data.empty()) return ReadChoicesFile(flags.data, flags.always);
  if (flags.always.empty()) {
    return Error{ErrorCode::kInvalidArgument, "an experiment needs --always VERSION: which version answers",
                 "evaluate"};
  }
  const Result<Id> id = ParseId(flags.experiment);
  if (!id.ok()) return Error{ErrorCode::kInvalidArgument, id.error().message, "--experiment"};
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  return ReadServedChoices(*store, *id, flags.always);
}

Status Evaluate(const EvaluateFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const ChoicesFile file, ReadChoices(flags));
  const Evaluation evaluation = PolicyEvaluator(flags, file.log).Evaluate(file.has_model);
  Print(flags.output == "json" ? EvaluatedJson(flags, file, evaluation) : EvaluatedTable(flags, file, evaluation));
  return OkStatus();
}

constexpr const char* kAboutEvaluate =
    "What another policy would have earned, from a log of choices made at random: IPS and SNIPS, with a model of "
    "rewards "
    "DR and Switch-DR too";

}  // namespace

void AddExperimentEvaluateVerb(Command experiment) {
  Command evaluate = experiment.AddCommand("evaluate", kAboutEvaluate);
  auto flags = std::make_shared<EvaluateFlags>();
  evaluate.AddOption("--data", flags->data,
                     "CSV: time, propensity, reward, target; perhaps action or version, model and model_target");
  evaluate.AddOption("--experiment", flags->experiment,
                     "instead of a file: what this A/B test or canary answered; the reward is minus the squared error");
  evaluate.AddOption("--dir", flags->directory, "folder of all state, for --experiment").ShowDefault();
  evaluate.AddOption("--always", flags->always,
                     "the policy that always chooses this action or version; target is not read");
  evaluate
      .AddOption("--minimum-effective-rows", flags->minimum_effective_rows,
                 "rows that must carry the weight, or an estimate is refused")
      .Between(2.0, 1e9)
      .ShowDefault();
  evaluate
      .AddOption("--switch-at", flags->switch_at, "weight above which Switch-DR believes the model of rewards alone")
      .NotNegative()
      .ShowDefault();
  evaluate.AddOption("--level", flags->level, "coverage of the intervals").Between(0.5, 0.9999).ShowDefault();
  AddOutputOption(evaluate, flags->output);
  evaluate.OnChoice([flags] { return ExitCodeOf(Evaluate(*flags)); });
}

}  // namespace hone
