// hone experiment bandit: what a bandit would have chosen and earned over a log.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "hone/experiment_verbs.h"
#include "hone/output.h"
#include "hone/output_file.h"
#include "hone/rewards_file.h"
#include "stats/bandits/bandit_catalogue.h"
#include "stats/off_policy/off_policy_estimate.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct BanditFlags {
  std::string data, algorithm, log, output = "table";
  std::vector<std::string> arms, context, settings;
  double floor = 0, low = 0, high = 1, level = 0.95;
  int delay = 0, minimum_matched = 100;
  std::uint64_t seed = 0;
};

struct BanditAnswer {
  std::vector<ReplayedChoice> made;
  std::size_t kept = 0;                   // of a log of choices: rows left once it is thinned to a uniform one
  std::optional<OffPolicyEstimate> mean;  // nothing: too few rows matched
  // Of a full log: what each arm alone would have earned, a row, and the regret against the best of them.
  std::vector<double> alone;
  std::size_t best = 0;
  std::optional<OffPolicyEstimate> regret;
};

Result<BanditAnswer> ReplayFull(const BanditFlags& flags, const RewardsFile& file, Bandit& bandit) {
  BanditAnswer answer;
  HONE_ASSIGN_OR_RETURN(answer.made, ReplayFullLog(bandit, file.contexts, file.rewards, flags.delay));
  const std::size_t arms = file.arms.size(), rows = file.times.size();
  answer.alone.resize(arms);
  for (std::size_t i = 0; i < file.rewards.size(); ++i) {
    answer.alone[i % arms] += file.rewards[i] / static_cast<double>(rows);
  }
  const auto best = std::max_element(answer.alone.begin(), answer.alone.end());
  answer.best = static_cast<std::size_t>(best - answer.alone.begin());
  std::vector<double> regrets;
  for (const ReplayedChoice& each : answer.made) {
    regrets.push_back(file.rewards[each.row * arms + answer.best] - each.reward);
  }
  answer.regret = EstimateFrom(regrets, flags.level);
  return answer;
}

// Where every arm has at least the least propensity told, that is at most 1 / arms.
Status CheckPropensities(const RewardsFile& file, const std::string& path) {
  double least = 1;
  for (const LoggedArm& row : file.log) least = std::min(least, row.propensity);
  const double uniform = 1 / static_cast<double>(file.arms.size());
  if (least <= uniform * (1 + 1e-9)) return OkStatus();
  return Error{ErrorCode::kInvalidData,
               fmt::format("no propensity is below {:.4g}, so not every one of {} arms could be chosen in every row; "
                           "such a log cannot be thinned to a uniform one",
                           least, file.arms.size()),
               path, 0, "propensity"};
}

Result<BanditAnswer> ReplayChoices(const BanditFlags& flags, const RewardsFile& file, Bandit& bandit) {
  BanditAnswer answer;
  Random random = Random::Stream(flags.seed, "thinning");
  HONE_RETURN_IF_ERROR(CheckPropensities(file, flags.data));
  const std::vector<std::size_t> kept = ThinToUniform(file.log, random);
  answer.kept = kept.size();
  HONE_ASSIGN_OR_RETURN(answer.made, ReplayMatches(bandit, file.contexts, file.log, kept, flags.delay));
  return answer;
}

Status StatusOf(const Result<Bandit>& made) { return made.ok() ? OkStatus() : Status(made.error()); }

// Every reward, chosen or not, so that what is refused does not depend on the seed.
Status CheckRewards(const BanditFlags& flags, const RewardsFile& file) {
  const std::size_t arms = file.arms.size();
  for (std::size_t i = 0; i < (file.full ? file.rewards.size() : file.log.size()); ++i) {
    const double reward = file.full ? file.rewards[i] : file.log[i].reward;
    if (reward >= flags.low && reward <= flags.high) continue;
    return Error{ErrorCode::kInvalidData,
                 fmt::format("{} needs rewards within [{}, {}], is {}; --low and --high set these limits",
                             flags.algorithm, flags.low, flags.high, reward),
                 flags.data, file.lines[file.full ? i / arms : i], file.full ? file.arms[i % arms] : "reward"};
  }
  return OkStatus();
}

Result<BanditAnswer> ReplayOver(const BanditFlags& flags, const RewardsFile& file) {
  BanditTerms terms;
  terms.arms = static_cast<int>(file.arms.size());
  terms.context_size = static_cast<int>(flags.context.size()) + 1;
  terms.floor = flags.floor;
  terms.low = flags.low;
  terms.high = flags.high;
  terms.seed = flags.seed;
  HONE_ASSIGN_OR_RETURN(Bandit bandit, MakeBandit(flags.algorithm, terms, flags.settings));
  if (bandit.bounded_rewards()) HONE_RETURN_IF_ERROR(CheckRewards(flags, file));
  HONE_ASSIGN_OR_RETURN(BanditAnswer answer,
                        file.full ? ReplayFull(flags, file, bandit) : ReplayChoices(flags, file, bandit));
  if (!file.full && answer.made.size() < static_cast<std::size_t>(flags.minimum_matched)) return answer;
  std::vector<double> rewards;
  for (const ReplayedChoice& each : answer.made) rewards.push_back(each.reward);
  answer.mean = EstimateFrom(rewards, flags.level);
  return answer;
}

std::string RefusalOf(const BanditFlags& flags, const BanditAnswer& answer) {
  return fmt::format("{} rows matched, {} needed", answer.made.size(), flags.minimum_matched);
}

std::vector<std::int64_t> ChoicesByArm(const RewardsFile& file, const BanditAnswer& answer) {
  std::vector<std::int64_t> counts(file.arms.size());
  for (const ReplayedChoice& each : answer.made) ++counts[static_cast<std::size_t>(each.choice.arm)];
  return counts;
}

double SumOf(const BanditAnswer& answer, const OffPolicyEstimate& mean) {
  return mean.value * static_cast<double>(answer.made.size());
}

void WriteMean(const char* key, const OffPolicyEstimate& mean, double rows, JsonWriter& json) {
  json.Key(key).BeginMap().Member("sum", mean.value * rows).Key("sum_interval").BeginList();
  json.Value(mean.interval.low * rows).Value(mean.interval.high * rows).EndList().Member("mean", mean.value);
  json.Key("interval").BeginList().Value(mean.interval.low).Value(mean.interval.high).EndList().EndMap();
}

std::string BanditJson(const BanditFlags& flags, const RewardsFile& file, const BanditAnswer& answer) {
  const auto rows = static_cast<double>(answer.made.size());
  JsonWriter json;
  json.BeginMap().Member("algorithm", flags.algorithm).Member("log", file.full ? "full" : "choices");
  json.Member("rows", file.times.size()).Member("choices", answer.made.size());
  if (!file.full) json.Member("pending", file.pending).Member("uniform_rows", answer.kept);
  if (answer.mean) {
    WriteMean("reward", *answer.mean, rows, json);
  } else {
    json.Member("refused", RefusalOf(flags, answer));
  }
  if (answer.regret) {
    WriteMean("regret", *answer.regret, rows, json);
    json.Member("best_arm", file.arms[answer.best]);
  }
  json.Key("arms").BeginList();
  const std::vector<std::int64_t> counts = ChoicesByArm(file, answer);
  for (std::size_t arm = 0; arm < counts.size(); ++arm) {
    json.BeginMap().Member("arm", file.arms[arm]).Member("choices", counts[arm]);
    if (rows > 0) json.Member("share", static_cast<double>(counts[arm]) / rows);
    if (file.full) json.Member("mean_reward_alone", answer.alone[arm]);
    json.EndMap();
  }
  json.EndList().Member("floor", flags.floor).Member("delay", flags.delay).Member("seed", flags.seed);
  json.Member("level", flags.level).EndMap();
  return json.Take() + "\n";
}

std::string MeanWords(const BanditAnswer& answer, const OffPolicyEstimate& mean) {
  return fmt::format("{:.4g} over {} choices, {:.4g} [{:.4g}, {:.4g}] each\n", SumOf(answer, mean), answer.made.size(),
                     mean.value, mean.interval.low, mean.interval.high);
}

std::string BanditTable(const BanditFlags& flags, const RewardsFile& file, const BanditAnswer& answer) {
  std::string text;
  if (!file.full) {
    text += fmt::format("{} of {} rows are as if chosen uniformly; {} chose as {} would\n", answer.kept,
                        file.times.size(), answer.made.size(), flags.algorithm);
  }
  text += answer.mean ? "reward " + MeanWords(answer, *answer.mean)
                      : fmt::format("refused: {}\n", RefusalOf(flags, answer));
  if (answer.regret) {
    text += "regret " + MeanWords(answer, *answer.regret);
    text += fmt::format("against {} alone, the best in hindsight\n", file.arms[answer.best]);
  }
  std::vector<std::vector<std::string>> table = {{"arm", "choices", "share"}};
  if (file.full) table[0].emplace_back("mean reward alone");
  const std::vector<std::int64_t> counts = ChoicesByArm(file, answer);
  for (std::size_t arm = 0; arm < counts.size(); ++arm) {
    const double share = static_cast<double>(counts[arm]) / std::max(1.0, static_cast<double>(answer.made.size()));
    table.push_back({file.arms[arm], std::to_string(counts[arm]), fmt::format("{:.1f} %", 100 * share)});
    if (file.full) table.back().push_back(fmt::format("{:.4g}", answer.alone[arm]));
  }
  return text + "\n" + AlignedTable(table);
}

// As `hone experiment evaluate` reads it.
Status WriteChoices(const std::string& path, const RewardsFile& file, const BanditAnswer& answer) {
  HONE_ASSIGN_OR_RETURN(OutputFile out, OutputFile::Open(path));
  bool written = out.Write("time,action,propensity,reward\n");
  for (const ReplayedChoice& each : answer.made) {
    written = written && out.Write(fmt::format("{},{},{},{}\n", FormatTime(file.times[each.row]),
                                               CsvField(file.arms[static_cast<std::size_t>(each.choice.arm)]),
                                               each.choice.propensity, each.reward));
  }
  return written ? out.Finish() : out.status();
}

Status ReplayBandit(const BanditFlags& flags) {
  // What is wrong with the flags is told before the file is read.
  const BanditTerms some = {.arms = 2, .context_size = 1, .floor = flags.floor, .low = flags.low, .high = flags.high};
  HONE_RETURN_IF_ERROR(StatusOf(MakeBandit(flags.algorithm, some, flags.settings)));
  HONE_ASSIGN_OR_RETURN(const RewardsFile file, ReadRewardsFile(flags.data, flags.arms, flags.context));
  HONE_ASSIGN_OR_RETURN(const BanditAnswer answer, ReplayOver(flags, file));
  if (!flags.log.empty()) HONE_RETURN_IF_ERROR(WriteChoices(flags.log, file, answer));
  Print(flags.output == "json" ? BanditJson(flags, file, answer) : BanditTable(flags, file, answer));
  return OkStatus();
}

std::string AlgorithmList() {
  std::string text;
  for (const std::string& name : BanditNames()) {
    text.append(text.empty() ? "" : "; ").append(name).append(": ").append(BanditSummary(name));
  }
  return text;
}

constexpr const char* kAboutBandit =
    "Replay a bandit over a log: what it would have chosen and earned, and how much less than the best arm alone";

void AddBanditTerms(Command bandit, BanditFlags& flags) {
  bandit.AddOption("--floor", flags.floor, "least probability of each arm, at most 1 / arms")
      .Between(0.0, 0.5)
      .ShowDefault();
  bandit.AddOption("--delay", flags.delay, "choices made before a reward is known").Between(0, 900'000).ShowDefault();
  bandit.AddOption("--low", flags.low, "least reward there can be; rewards are scaled to [0, 1]").ShowDefault();
  bandit.AddOption("--high", flags.high, "largest reward there can be").ShowDefault();
  bandit.AddOption("--set", flags.settings, "a parameter of the algorithm, key=value; may be repeated").OneValueEach();
  bandit.AddOption("--seed", flags.seed, "of the choices").ShowDefault();
  bandit.AddOption("--minimum-matched", flags.minimum_matched, "of a log of choices: rows that must match, or refused")
      .Between(2, 1'000'000'000)
      .ShowDefault();
  bandit.AddOption("--level", flags.level, "coverage of the intervals").Between(0.5, 0.9999).ShowDefault();
}

}  // namespace

void AddExperimentBanditVerb(Command experiment) {
  Command bandit = experiment.AddCommand("bandit", kAboutBandit);
  auto flags = std::make_shared<BanditFlags>();
  bandit
      .AddOption("--data", flags->data,
                 "CSV: time and each arm's reward; or time, action or version, propensity and reward")
      .Required();
  bandit.AddOption("--algorithm", flags->algorithm, AlgorithmList()).Required();
  bandit.AddOption("--arms", flags->arms, "names of the arms; without it, all there are").CommaSeparated();
  bandit.AddOption("--context", flags->context, "columns known before the choice").CommaSeparated();
  AddBanditTerms(bandit, *flags);
  bandit.AddOption("--log", flags->log, "writes the choices with their propensities, as evaluate reads them");
  AddOutputOption(bandit, flags->output);
  bandit.OnChoice([flags] { return ExitCodeOf(ReplayBandit(*flags)); });
}

}  // namespace hone
