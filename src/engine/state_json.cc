#include "engine/state_json.h"

#include <limits>
#include <optional>

namespace hone {
namespace {

double NumberFrom(const StateJson& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

template <typename Numbers>
Numbers NumbersFrom(const StateJson& json) {
  Numbers numbers;
  for (const StateJson& number : json) numbers.push_back(NumberFrom(number));
  return numbers;
}

StateJson ToJson(const Judgement& judgement) {
  const PairedEvidence& evidence = judgement.evidence;
  return {{"verdict", static_cast<int>(judgement.verdict)},
          {"rows", evidence.rows},
          {"mean", evidence.mean},
          {"log_e", evidence.log_e},
          {"block_length", evidence.block_length},
          {"blocks", evidence.blocks},
          {"variance", evidence.variance},
          {"low", evidence.low},
          {"high", evidence.high},
          {"alpha", judgement.alpha},
          {"threshold", judgement.threshold}};
}

Judgement JudgementFrom(const StateJson& json) {
  Judgement judgement;
  judgement.verdict = static_cast<Verdict>(json.at("verdict").get<int>());
  judgement.evidence.rows = json.at("rows");
  judgement.evidence.mean = NumberFrom(json.at("mean"));
  judgement.evidence.log_e = NumberFrom(json.at("log_e"));
  judgement.evidence.block_length = json.at("block_length");
  judgement.evidence.blocks = json.at("blocks");
  judgement.evidence.variance = NumberFrom(json.at("variance"));
  if (!json.at("low").is_null()) judgement.evidence.low = json.at("low");  // infinite by default
  if (!json.at("high").is_null()) judgement.evidence.high = json.at("high");
  judgement.alpha = NumberFrom(json.at("alpha"));
  judgement.threshold = NumberFrom(json.at("threshold"));
  return judgement;
}

StateJson ToJson(const LossDrift& loss) {
  return {{"status", static_cast<int>(loss.status)},
          {"drift", loss.drift},
          {"severity", static_cast<int>(loss.severity)},
          {"rows", loss.rows},
          {"reference_mean", loss.reference_mean},
          {"limit", loss.limit},
          {"mean", loss.mean},
          {"ratio", loss.ratio},
          {"log_e", loss.log_e},
          {"needed_log_e", loss.needed_log_e},
          {"since_row", loss.since_row},
          {"needed_reference_rows", loss.needed_reference_rows}};
}

LossDrift LossDriftFrom(const StateJson& json) {
  LossDrift loss;
  loss.status = static_cast<DriftStatus>(json.at("status").get<int>());
  loss.drift = json.at("drift");
  loss.severity = static_cast<Severity>(json.at("severity").get<int>());
  loss.rows = json.at("rows");
  loss.reference_mean = NumberFrom(json.at("reference_mean"));
  loss.limit = NumberFrom(json.at("limit"));
  loss.mean = NumberFrom(json.at("mean"));
  loss.ratio = NumberFrom(json.at("ratio"));
  loss.log_e = NumberFrom(json.at("log_e"));
  loss.needed_log_e = NumberFrom(json.at("needed_log_e"));
  loss.since_row = json.at("since_row");
  loss.needed_reference_rows = json.at("needed_reference_rows");
  return loss;
}

StateJson ToJson(const LossMonitor::Checkpoint& monitor) {
  StateJson running = StateJson::array();
  for (const LossMonitor::Start& start : monitor.running) {
    running.push_back(
        {{"number", start.number}, {"since_row", start.since_row}, {"evidence", ToJson(start.evidence.state())}});
  }
  return {{"missing", monitor.missing},
          {"starts", monitor.starts},
          {"running", std::move(running)},
          {"drift", ToJson(monitor.drift)}};
}

LossMonitor::Checkpoint LossMonitorFrom(const StateJson& json, int horizon) {
  LossMonitor::Checkpoint monitor{json.at("missing"), json.at("starts"), {}, LossDriftFrom(json.at("drift"))};
  for (const StateJson& stored : json.at("running")) {
    PairedEvidenceProcess evidence(horizon);
    evidence.Restore(PairedFrom(stored.at("evidence")));
    monitor.running.push_back({stored.at("number"), stored.at("since_row"), std::move(evidence)});
  }
  return monitor;
}

StateJson ToJson(const std::optional<PairedEvidenceProcess::Neighbours>& neighbours) {
  if (!neighbours) return nullptr;
  return {neighbours->first, neighbours->newest, neighbours->products};
}

// Nothing in checkpoints of releases that did not keep them.
std::optional<PairedEvidenceProcess::Neighbours> NeighboursFrom(const StateJson& json) {
  const auto found = json.find("neighbours");
  if (found == json.end() || found->is_null()) return std::nullopt;
  return PairedEvidenceProcess::Neighbours{NumberFrom(found->at(0)), NumberFrom(found->at(1)),
                                           NumberFrom(found->at(2))};
}

}  // namespace

StateJson ToJson(const IdGenerator::State& state) { return {state.made, state.last_millisecond, state.counter}; }

IdGenerator::State IdsFrom(const StateJson& json) { return {json.at(0), json.at(1), json.at(2)}; }

StateJson ToJson(const PairedEvidenceProcess::State& state) {
  StateJson levels = StateJson::array();
  for (const auto& level : state.levels) {
    levels.push_back(
        {level.means.count(), level.means.mean(), level.means.sum_of_squares(), level.waiting, level.has_waiting});
  }
  return {{"finite", state.finite},
          {"rows", state.rows},
          {"in_block", state.in_block},
          {"sum", state.sum},
          {"block_sum", state.block_sum},
          {"recent", state.recent},
          {"levels", levels},
          {"neighbours", ToJson(state.neighbours)}};
}

PairedEvidenceProcess::State PairedFrom(const StateJson& json) {
  PairedEvidenceProcess::State state{json.at("finite"),
                                     json.at("rows"),
                                     json.at("in_block"),
                                     NumberFrom(json.at("sum")),
                                     NumberFrom(json.at("block_sum")),
                                     NumbersFrom<std::vector<double>>(json.at("recent")),
                                     {},
                                     NeighboursFrom(json)};
  for (const StateJson& level : json.at("levels")) {
    state.levels.push_back({RunningMoments::FromStored(level.at(0), NumberFrom(level.at(1)), NumberFrom(level.at(2))),
                            NumberFrom(level.at(3)), level.at(4)});
  }
  return state;
}

StateJson ToJson(const Standing::State& state) {
  return {{"lost", state.lost},
          {"awaiting", state.awaiting},
          {"rows", state.rows},
          {"gain", state.gain},
          {"evidence", state.evidence}};
}

Standing::State StandingFrom(const StateJson& json) {
  return {json.at("lost"), json.at("awaiting"), json.at("rows"), NumberFrom(json.at("gain")), json.at("evidence")};
}

StateJson ToJson(const Championship::State& state) {
  StateJson json = {{"number", state.number},
                    {"starts", state.starts},
                    {"running", StateJson::array()},
                    {"forgotten", state.forgotten}};
  for (const Championship::Start& start : state.running) {
    StateJson lines = StateJson::array();
    for (const PairedEvidenceProcess& line : start.lines) lines.push_back(ToJson(line.state()));
    json["running"].push_back({{"number", start.number}, {"lines", lines}});
  }
  return json;
}

Championship::State ChampionshipFrom(const StateJson& json, int horizon) {
  Championship::State state{json.at("number"), json.at("starts"), {}, json.at("forgotten").get<std::vector<int>>()};
  for (const StateJson& stored : json.at("running")) {
    Championship::Start start{stored.at("number"), {}};
    for (const StateJson& line : stored.at("lines")) {
      start.lines.emplace_back(horizon, kTightestAt);
      start.lines.back().Restore(PairedFrom(line));
    }
    state.running.push_back(std::move(start));
  }
  return state;
}

StateJson ToJson(const PracticeLicence::State& state) {
  return {{"held", state.held},
          {"rows", state.rows},
          {"differences", ToJson(state.differences)},
          {"judgement", ToJson(state.judgement)},
          {"replaced_rows", state.replaced_rows},
          {"replaced_sum", state.replaced_sum}};
}

PracticeLicence::State PracticeFrom(const StateJson& json) {
  return {json.at("held"),
          json.at("rows"),
          PairedFrom(json.at("differences")),
          JudgementFrom(json.at("judgement")),
          json.at("replaced_rows"),
          NumberFrom(json.at("replaced_sum"))};
}

StateJson ToJson(const LossRecord::State& state) {
  return {{"count", state.count}, {"sum", state.sum}, {"highest", state.highest}, {"recent", state.recent}};
}

LossRecord::State LossRecordFrom(const StateJson& json) {
  return {json.at("count"), NumberFrom(json.at("sum")), NumberFrom(json.at("highest")),
          NumbersFrom<std::deque<double>>(json.at("recent"))};
}

StateJson ToJson(const RetrainingTriggers::State& state) {
  return {{"reference_mean", state.range.reference_mean},
          {"reference_highest", state.range.reference_highest},
          {"recent", ToJson(state.range.recent)},
          {"drift", static_cast<int>(state.drift)},
          {"requested", state.requested},
          {"last_rows", state.last_rows},
          {"retrainings", state.retrainings},
          {"alarms_in_a_row", state.alarms_in_a_row}};
}

RetrainingTriggers::State TriggersFrom(const StateJson& json) {
  return {{NumberFrom(json.at("reference_mean")), NumberFrom(json.at("reference_highest")),
           LossRecordFrom(json.at("recent"))},
          static_cast<Severity>(json.at("drift").get<int>()),
          json.at("requested"),
          json.at("last_rows"),
          json.at("retrainings"),
          json.at("alarms_in_a_row")};
}

StateJson ToJson(const DriftMonitor::State& state) {
  StateJson json = {{"ids", ToJson(state.ids)},
                    {"recent_answers", state.recent_answers},
                    {"since_check", state.since_check},
                    {"loss_reported", state.loss_reported},
                    {"told", StateJson::object()}};
  for (const auto& [subject, severity] : state.told) json["told"][subject] = static_cast<int>(severity);
  if (state.losses) json["losses"] = ToJson(*state.losses);
  return json;
}

DriftMonitor::State DriftFrom(const StateJson& json, int horizon) {
  DriftMonitor::State state{IdsFrom(json.at("ids")),
                            NumbersFrom<std::vector<double>>(json.at("recent_answers")),
                            json.at("since_check"),
                            json.at("loss_reported"),
                            {},
                            std::nullopt};
  const StateJson told = json.value("told", StateJson::object());  // absent in older checkpoints
  for (const auto& [subject, severity] : told.items()) state.told[subject] = static_cast<Severity>(severity.get<int>());
  if (json.contains("losses")) state.losses = LossMonitorFrom(json.at("losses"), horizon);
  return state;
}

StateJson ToJson(const TrainedVersion& version) {
  return {{"number", {version.number.major_number, version.number.minor_number, version.number.patch_number}},
          {"recipe", version.recipe},
          {"parent", version.parent},
          {"change", static_cast<int>(version.change)},
          {"begin", version.begin},
          {"end", version.end},
          {"low", version.range.low},
          {"high", version.range.high},
          {"seed", version.seed},
          {"created", version.created}};
}

TrainedVersion VersionFrom(const StateJson& json) {
  TrainedVersion version;
  const StateJson& number = json.at("number");
  version.number = {number.at(0), number.at(1), number.at(2)};
  version.name = version.number.ToString();
  version.recipe = json.at("recipe");
  version.parent = json.at("parent");
  version.change = static_cast<ChangeType>(json.at("change").get<int>());
  version.begin = json.at("begin");
  version.end = json.at("end");
  version.range = {NumberFrom(json.at("low")), NumberFrom(json.at("high"))};
  version.seed = json.at("seed");
  version.created = json.at("created");
  return version;
}

StateJson ToJson(const TrainingJob& job) {
  StateJson fits = StateJson::array();
  for (const JobFit& fit : job.fits) fits.push_back({fit.recipe, fit.end});
  return {{"number", job.number},
          {"trigger", static_cast<int>(job.trigger.kind)},
          {"rows", job.trigger.rows},
          {"reason", job.trigger.reason},
          {"requested", job.requested},
          {"seed", job.seed},
          {"fits", fits}};
}

TrainingJob JobFrom(const StateJson& json) {
  TrainingJob job;
  job.number = json.at("number");
  job.trigger.kind = static_cast<TriggerKind>(json.at("trigger").get<int>());
  job.trigger.rows = json.at("rows");
  job.trigger.reason = json.at("reason");
  job.requested = json.at("requested");
  job.seed = json.at("seed");
  for (const StateJson& fit : json.at("fits")) job.fits.push_back({fit.at(0), fit.at(1)});
  return job;
}

StateJson ToJson(const RolloutSteps::State& state) {
  return {{"step", state.step}, {"scored", state.scored}, {"step_began", state.began}, {"step_lasted", state.lasted}};
}

RolloutSteps StepsFrom(const StateJson& rollout, const RolloutPolicy& policy) {
  RolloutSteps::State state{rollout.at("step"), rollout.at("scored")};
  state.began = rollout.value("step_began", rollout.value("started", Time{0}));
  state.lasted = rollout.value("step_lasted", state.scored >= policy.step_predictions);
  RolloutSteps steps(policy.steps, LengthOf(policy), policy.gates, state.began);
  steps.Restore(state);
  return steps;
}

StateJson ToJson(const LiveSet& live) {
  return {{"competes", live.competes},
          {"champion", live.champion},
          {"challenger", live.challenger},
          {"watched", live.watched},
          {"replaced", live.replaced},
          {"anchor", live.anchor},
          {"line_current", live.line_current},
          {"line_replaced", live.line_replaced},
          {"arms", live.arms},
          {"frozen", live.frozen},
          {"watch", live.watch}};
}

LiveSet LiveSetFrom(const StateJson& json) {
  LiveSet live;
  live.competes = json.at("competes").get<std::vector<bool>>();
  live.champion = json.at("champion");
  live.challenger = json.at("challenger");
  live.watched = json.at("watched");
  live.replaced = json.at("replaced");
  live.anchor = json.at("anchor");
  live.line_current = json.at("line_current").get<std::vector<int>>();
  live.line_replaced = json.at("line_replaced").get<std::vector<int>>();
  if (json.contains("arms")) live.arms = json.at("arms").get<std::vector<int>>();  // older checkpoints have none
  live.frozen = json.at("frozen");
  live.watch = json.at("watch");
  return live;
}

}  // namespace hone
