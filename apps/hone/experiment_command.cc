// hone experiment list | show | judge | plan | evaluate | bandit: live comparisons (experiment_live.cc), what the
// loop's verdict says of a log of paired losses, how many rows it takes, what another policy would have earned
// (experiment_evaluate.cc), and what a bandit (experiment_bandit.cc).
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "hone/commands.h"
#include "hone/experiment_verbs.h"
#include "hone/inputs.h"
#include "hone/losses_file.h"
#include "hone/output.h"
#include "rollout/paired_trial.h"
#include "rollout/trial_duration.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct JudgeFlags {
  std::string data, question = "recipe", policy, output = "table";
  int horizon = 1;
  double minimum_effect = 0;
  std::optional<double> alpha, margin;
  std::optional<int> minimum_rows;
};

Result<TrialTerms> TermsOf(const JudgeFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  TrialTerms terms;
  terms.question = flags.question == QuestionName(Question::kRefresh) ? Question::kRefresh : Question::kRecipe;
  terms.horizon = flags.horizon;
  terms.alpha = flags.alpha.value_or(policy.rollout.alpha);
  terms.minimum_rows = flags.minimum_rows.value_or(policy.rollout.minimum_outcomes);
  terms.minimum_effect = flags.minimum_effect;
  terms.margin = flags.margin.value_or(policy.rollout.practice_margin);
  return terms;
}

// The challenger whose numbers stand for the answer: the winner, else the one with the largest mean gain.
int Foremost(const PairedTrial& trial, std::size_t challengers) {
  if (trial.winner()) return *trial.winner();
  int best = 0;
  for (int i = 1; i < static_cast<int>(challengers); ++i) {
    if (trial.Answer(i).gain.mean > trial.Answer(best).gain.mean) best = i;
  }
  return best;
}

std::optional<std::string> TimeOf(const TrialAnswer& answer, const LossesFile& file) {
  if (answer.row == 0) return std::nullopt;
  return FormatTime(file.times[static_cast<std::size_t>(answer.row - 1)]);
}

std::optional<std::int64_t> RowOf(const TrialAnswer& answer) {
  return answer.row == 0 ? std::nullopt : std::optional(answer.row);
}

void WriteNumbers(const TrialAnswer& answer, const LossesFile& file, JsonWriter& json) {
  const PairedEvidence& deciding = answer.judgement.evidence;
  json.Member("row", RowOf(answer)).Member("time", TimeOf(answer, file)).Member("rows_judged", answer.gain.rows);
  json.Member("mean", answer.gain.mean).Key("interval").BeginList();
  json.Value(answer.gain.low).Value(answer.gain.high).EndList();
  json.Member("recent_gain", answer.recent_gain).Member("log_e", deciding.log_e);
  json.Member("threshold", answer.judgement.threshold).Member("level", answer.judgement.alpha);
  json.Member("block_length", deciding.block_length).Member("blocks", deciding.blocks);
  json.Member("variance", deciding.variance);
}

std::string JudgedJson(const TrialTerms& terms, const LossesFile& file, const PairedTrial& trial) {
  const int foremost = Foremost(trial, file.challengers.size());
  JsonWriter json;
  json.BeginMap().Member("verdict", VerdictName(trial.verdict()));
  json.Member("challenger", file.challengers[static_cast<std::size_t>(foremost)]);
  json.Member("question", QuestionName(terms.question)).Member("rows", file.times.size());
  WriteNumbers(trial.Answer(foremost), file, json);
  json.Member("alpha", terms.alpha).Member("horizon", terms.horizon);
  if (terms.question == Question::kRecipe) {
    json.Member("minimum_rows", terms.minimum_rows).Member("minimum_effect", terms.minimum_effect);
  } else {
    json.Member("margin", terms.margin);
  }
  json.Key("challengers").BeginList();
  for (std::size_t i = 0; i < file.challengers.size(); ++i) {
    const TrialAnswer answer = trial.Answer(static_cast<int>(i));
    json.BeginMap().Member("challenger", file.challengers[i]);
    json.Member("verdict", VerdictName(answer.judgement.verdict));
    WriteNumbers(answer, file, json);
    json.EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

std::string JudgedTable(const LossesFile& file, const PairedTrial& trial) {
  std::vector<std::vector<std::string>> table = {
      {"challenger", "verdict", "row", "time", "mean gain", "interval", "log e", "needs", "block"}};
  for (std::size_t i = 0; i < file.challengers.size(); ++i) {
    const TrialAnswer answer = trial.Answer(static_cast<int>(i));
    table.push_back(
        {file.challengers[i], VerdictName(answer.judgement.verdict), answer.row == 0 ? "" : std::to_string(answer.row),
         TimeOf(answer, file).value_or(""), fmt::format("{:.4g}", answer.gain.mean),
         fmt::format("[{:.4g}, {:.4g}]", answer.gain.low, answer.gain.high),
         fmt::format("{:.3g}", answer.judgement.evidence.log_e), fmt::format("{:.3g}", answer.judgement.threshold),
         std::to_string(answer.judgement.evidence.block_length)});
  }
  const std::int64_t row = trial.Answer(Foremost(trial, file.challengers.size())).row;
  const bool decided = trial.verdict() == Verdict::kAdvance || trial.verdict() == Verdict::kRollBack;
  return fmt::format("{}{} of {} rows\n\n{}", VerdictName(trial.verdict()),
                     decided ? fmt::format(" at row {}", row) : " at the end", file.times.size(), AlignedTable(table));
}

Status Judge(const JudgeFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const TrialTerms terms, TermsOf(flags));
  HONE_ASSIGN_OR_RETURN(const LossesFile file, ReadLossesFile(flags.data));
  PairedTrial trial(terms, static_cast<int>(file.challengers.size()));
  for (std::size_t i = 0; i < file.times.size(); ++i) trial.Add(file.champion[i], file.losses[i]);
  Print(flags.output == "json" ? JudgedJson(terms, file, trial) : JudgedTable(file, trial));
  return OkStatus();
}

constexpr const char* kAboutJudge =
    "Replay a log of paired losses through the loop's verdict: advance, hold, roll_back or no_data, decided at the "
    "first row that shows it";

void AddJudge(Command experiment) {
  Command judge = experiment.AddCommand("judge", kAboutJudge);
  auto flags = std::make_shared<JudgeFlags>();
  judge
      .AddOption("--data", flags->data,
                 "CSV: time, champion, challenger and any number of challenger_..., oldest first")
      .Required();
  judge
      .AddOption("--question", flags->question,
                 "recipe: is it better? refresh: is it not worse by more than the margin?")
      .OneOf({"recipe", "refresh"})
      .ShowDefault();
  judge.AddOption("--horizon", flags->horizon, "rows until an outcome is known").Between(1, 10'000).ShowDefault();
  judge.AddOption("--alpha", flags->alpha, "chance of ever advancing one that is no better; without it, the policy's")
      .Between(1e-6, 0.5);
  judge.AddOption("--minimum-effect", flags->minimum_effect, "recipe: the gain in mean loss that is worth the change")
      .NotNegative()
      .ShowDefault();
  judge.AddOption("--margin", flags->margin, "refresh: tolerated rise of the root mean loss; without it, the policy's")
      .Between(0.0, 0.5);
  judge.AddOption("--minimum-rows", flags->minimum_rows, "recipe: rows before a verdict; without it, the policy's")
      .Between(1, 10'000'000);
  judge.AddOption("--policy", flags->policy, "policy YAML; without it, the defaults");
  AddOutputOption(judge, flags->output);
  judge.OnChoice([flags] { return ExitCodeOf(Judge(*flags)); });
}

struct PlanFlags {
  std::string data, policy, output = "table";
  std::optional<double> alpha;
  double deviation = 1, autocorrelation = 0;
  DurationQuestion question;
};

// Of a log: the differences of its first challenger.
Result<DifferenceSource> SourceOf(const PlanFlags& flags) {
  const int horizon = flags.question.terms.horizon;
  if (flags.data.empty()) return NormalDifferences(flags.deviation, flags.autocorrelation, horizon);
  HONE_ASSIGN_OR_RETURN(const LossesFile file, ReadLossesFile(flags.data));
  std::vector<double> differences;
  for (std::size_t i = 0; i < file.times.size(); ++i) differences.push_back(file.champion[i] - file.losses[i][0]);
  return ResampledDifferences(differences, horizon);
}

std::string PlannedJson(const DurationQuestion& question, const TrialDuration& plan) {
  JsonWriter json;
  json.BeginMap().Member("rows", plan.rows).Key("rows_interval").BeginList().Value(plan.low).Value(plan.high).EndList();
  json.Member("median_rows", plan.median).Member("advanced", plan.advanced).Member("rolled_back", plan.rolled_back);
  json.Member("longest", question.longest).Member("gain", question.gain).Member("power", question.power);
  json.Member("alpha", question.terms.alpha).Member("horizon", question.terms.horizon).Member("runs", question.runs);
  json.Member("seed", question.seed).EndMap();
  return json.Take() + "\n";
}

std::string PlannedWords(const DurationQuestion& question, const TrialDuration& plan) {
  if (!plan.rows) {
    return fmt::format("more than {} rows: by then a gain of {} was decided in {:.0f} % of {} trials\n",
                       question.longest, question.gain, 100 * plan.advanced, question.runs);
  }
  const std::string upper = plan.high ? std::to_string(*plan.high) : fmt::format("more than {}", question.longest);
  return fmt::format("{} rows decide a gain of {} with probability {} ({} to {}, of {} trials); half do by {}\n",
                     *plan.rows, question.gain, question.power, plan.low.value_or(*plan.rows), upper, question.runs,
                     plan.median.value_or(*plan.rows));
}

Status Plan(PlanFlags flags) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(flags.policy));
  flags.question.terms.alpha = flags.alpha.value_or(policy.rollout.alpha);
  flags.question.terms.minimum_rows = policy.rollout.minimum_outcomes;
  HONE_ASSIGN_OR_RETURN(const DifferenceSource source, SourceOf(flags));
  const TrialDuration plan = PlanDuration(flags.question, source);
  Print(flags.output == "json" ? PlannedJson(flags.question, plan) : PlannedWords(flags.question, plan));
  return OkStatus();
}

void AddPlanOptions(Command plan, PlanFlags& flags) {
  DurationQuestion& question = flags.question;
  plan.AddOption("--gain", question.gain, "the challenger's gain in mean loss, in the unit of the losses")
      .Required()
      .Positive();
  plan.AddOption("--power", question.power, "probability that it is decided by then").Between(0.01, 0.99).ShowDefault();
  plan.AddOption("--horizon", question.terms.horizon, "rows until an outcome is known")
      .Between(1, 10'000)
      .ShowDefault();
  const Option data =
      plan.AddOption("--data", flags.data, "a log of losses as for judge, whose differences are drawn from");
  plan.AddOption("--deviation", flags.deviation, "standard deviation of the loss differences, without a log")
      .Positive()
      .Excludes(data)
      .ShowDefault();
  plan.AddOption("--autocorrelation", flags.autocorrelation, "theirs from row to row, beyond overlapping horizons")
      .Between(-0.99, 0.99)
      .Excludes(data)
      .ShowDefault();
  plan.AddOption("--alpha", flags.alpha, "as for judge; without it, the policy's").Between(1e-6, 0.5);
  plan.AddOption("--runs", question.runs, "trials simulated").Between(100, 100'000).ShowDefault();
  plan.AddOption("--longest", question.longest, "rows after which a trial is given up")
      .Between(100, 1'000'000)
      .ShowDefault();
  plan.AddOption("--seed", question.seed, "of the simulation").ShowDefault();
  plan.AddOption("--policy", flags.policy, "policy YAML; without it, the defaults");
  AddOutputOption(plan, flags.output);
}

void AddPlan(Command experiment) {
  Command plan = experiment.AddCommand("plan", "How many rows a verdict takes for a gain, by simulation");
  auto flags = std::make_shared<PlanFlags>();
  AddPlanOptions(plan, *flags);
  plan.OnChoice([flags] { return ExitCodeOf(Plan(*flags)); });
}

}  // namespace

void AddExperimentCommand(Command app) {
  Command experiment = app.AddNoun("experiment", "Live comparisons of versions, and verdicts on your own logs");
  AddExperimentLiveVerbs(experiment);
  AddJudge(experiment);
  AddPlan(experiment);
  AddExperimentEvaluateVerb(experiment);
  AddExperimentBanditVerb(experiment);
}

}  // namespace hone
