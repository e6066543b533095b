#include "engine/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/ab_test_evidence.h"
#include "engine/split_book.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kDecisionsRead = 5'000;
constexpr std::size_t kMostSplits = 100;

Json EvidenceFrom(const Decision& decision) {
  Json json = Json::parse(decision.evidence, nullptr, false);
  return json.is_object() ? json : Json::object();
}

std::string TextAt(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
}

// NaN stands for a number that was not finite, as for one that is missing.
double NumberAt(const Json& json, const char* key) {
  const bool there = json.contains(key) && json[key].is_number();
  return there ? json[key].get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::int64_t CountAt(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_number_integer() ? json[key].get<std::int64_t>() : 0;
}

// Of what a decision, or a challenger of an A/B test, rests on; nothing where that is no comparison of losses.
std::optional<ExperimentEstimate> EstimateFrom(const Json& json, std::string version, std::string against) {
  if (!json.contains("mean_gain")) return std::nullopt;
  ExperimentEstimate estimate{std::move(version), std::move(against), TextAt(json, "verdict"), TextAt(json, "reason")};
  estimate.rows = CountAt(json, "rows");
  estimate.mean_gain = NumberAt(json, "mean_gain");
  const bool interval = json.contains("interval") && json["interval"].is_array() && json["interval"].size() == 2;
  const Json ends = interval ? Json{{"low", json["interval"][0]}, {"high", json["interval"][1]}} : Json::object();
  estimate.low = NumberAt(ends, "low");
  estimate.high = NumberAt(ends, "high");
  estimate.log_e = NumberAt(json, "log_e");
  estimate.threshold = NumberAt(json, "threshold");
  return estimate;
}

ExperimentEstimate EstimateOf(const Judgement& judgement, std::string version, std::string against) {
  const PairedEvidence& paired = judgement.evidence;
  return {std::move(version),
          std::move(against),
          VerdictName(judgement.verdict),
          "",
          paired.rows,
          paired.mean,
          paired.low,
          paired.high,
          paired.log_e,
          judgement.threshold};
}

Verdict VerdictFrom(std::string_view name) {
  for (const Verdict verdict : {Verdict::kHold, Verdict::kAdvance, Verdict::kRollBack}) {
    if (name == VerdictName(verdict)) return verdict;
  }
  return Verdict::kNoData;
}

Experiment Begun(const Decision& shadow) {
  const Json evidence = EvidenceFrom(shadow);
  Experiment experiment;
  experiment.id = shadow.id;
  experiment.model = shadow.model;
  experiment.question = TextAt(evidence, "question");
  experiment.started = shadow.time;
  experiment.challengers = {shadow.version};
  if (evidence.contains("because")) {
    experiment.champion = TextAt(evidence["because"], "champion");
    experiment.because = evidence["because"].dump();
  }
  return experiment;
}

// Whatever makes another version active, or takes one back, ends the rollout that there is.
void End(Experiment& experiment, const Decision& decision) {
  const Json evidence = EvidenceFrom(decision);
  const std::string& version = experiment.challengers.front();
  experiment.ended = decision.time;
  experiment.decided = decision;
  experiment.reason = decision.reason;
  experiment.verdict = Verdict::kHold;
  if (decision.version != version) return;
  if (decision.kind == DecisionKind::kPromote) experiment.verdict = Verdict::kAdvance;
  if (decision.kind == DecisionKind::kRollBack) experiment.verdict = Verdict::kRollBack;
  const std::string against = TextAt(evidence, decision.kind == DecisionKind::kPromote ? "replaced" : "to");
  if (!against.empty()) experiment.champion = against;
  if (auto estimate = EstimateFrom(evidence, version, experiment.champion)) {
    experiment.outcomes = estimate->rows;
    experiment.estimates.push_back(*std::move(estimate));
  }
}

// Oldest first; at most the last one runs.
std::vector<Experiment> RolloutsFrom(const std::vector<Decision>& decisions) {
  std::vector<Experiment> rollouts;
  for (const Decision& decision : decisions) {
    const bool running = !rollouts.empty() && !rollouts.back().ended;
    switch (decision.kind) {
      case DecisionKind::kShadow: rollouts.push_back(Begun(decision)); break;
      case DecisionKind::kAdvance:
        if (running) rollouts.back().kind = ExperimentKind::kCanary;
        break;
      case DecisionKind::kPromote:
      case DecisionKind::kRollBack:
      case DecisionKind::kAbort:
        if (running) End(rollouts.back(), decision);
        break;
      default: break;
    }
  }
  return rollouts;
}

// What the loop knows of the one that runs.
void TakeStanding(const RolloutStatus& status, Experiment& experiment) {
  if (!status.release || status.release->version != experiment.challengers.front()) return;
  const ReleaseStatus& release = *status.release;
  experiment.champion = status.champion;
  experiment.outcomes = release.outcomes;
  experiment.verdict = release.replaced.judgement.verdict;
  experiment.reason = RolloutStateName(status.state);
  for (const GuardStatus* guard : {&release.replaced, &release.anchor}) {
    experiment.estimates.push_back(EstimateOf(guard->judgement, release.version, guard->version));
  }
}

void TakeFindings(Experiment& experiment) {
  if (experiment.ended || experiment.splits.empty()) return;
  const std::vector<SplitFinding> findings = FindingsOf(experiment.splits.back());
  if (findings.empty()) return;
  experiment.verdict = findings.front().guardrail ? Verdict::kRollBack : Verdict::kHold;
  experiment.reason = findings.front().reason;
}

Status TakeSplits(LiveStore& store, const std::string& name, Experiment& experiment) {
  HONE_ASSIGN_OR_RETURN(experiment.splits, store.splits.OfExperiment(experiment.model, name));
  const std::size_t older = experiment.splits.size() - std::min(experiment.splits.size(), kMostSplits);
  experiment.splits.erase(experiment.splits.begin(), experiment.splits.begin() + static_cast<std::ptrdiff_t>(older));
  return OkStatus();
}

Status AddRollouts(LiveStore& store, const std::vector<Decision>& decisions, const ReleaseOf& release,
                   const std::string& model, std::vector<Experiment>& experiments) {
  for (Experiment& rollout : RolloutsFrom(decisions)) {
    HONE_RETURN_IF_ERROR(TakeSplits(store, ReleaseName(rollout.challengers.front(), rollout.started), rollout));
    if (!rollout.ended) {
      HONE_ASSIGN_OR_RETURN(const std::optional<RolloutStatus> status, release(model));
      if (status) TakeStanding(*status, rollout);
      TakeFindings(rollout);
    }
    experiments.push_back(std::move(rollout));
  }
  return OkStatus();
}

ExperimentArm ArmFrom(const Json& json) {
  ExperimentArm arm{TextAt(json, "version"), NumberAt(json, "share"), CountAt(json, "answered"),
                    CountAt(json, "outcomes")};
  if (json.contains("mean_squared_error")) arm.mean_squared_error = NumberAt(json, "mean_squared_error");
  return arm;
}

// A test as it stands, or stood when it ended.
void TakeEvidence(const Json& shown, Experiment& experiment) {
  experiment.verdict = VerdictFrom(TextAt(shown, "verdict"));
  experiment.reason = TextAt(shown, "reason");
  std::int64_t outcomes = 0;
  for (const Json& arm : shown.value("arms", Json::array())) {
    experiment.arms.push_back(ArmFrom(arm));
    outcomes += experiment.arms.back().outcomes;
  }
  experiment.outcomes = outcomes;
  for (const Json& challenger : shown.value("challengers", Json::array())) {
    if (auto estimate = EstimateFrom(challenger, TextAt(challenger, "version"), experiment.champion)) {
      experiment.estimates.push_back(*std::move(estimate));
    }
  }
}

Experiment Of(const AbTest& test, const std::string& champion) {
  Experiment experiment;
  experiment.id = test.id;
  experiment.model = test.model;
  experiment.kind = ExperimentKind::kAbTest;
  experiment.question = "split";
  experiment.started = test.started;
  experiment.ended = test.ended;
  experiment.deadline = test.deadline;
  experiment.champion = champion;
  for (const AbArm& arm : test.arms) {
    if (arm.version != champion) experiment.challengers.push_back(arm.version);
  }
  return experiment;
}

// The champion it began with stands in the decision that began it.
std::string ChampionOf(const AbTest& test, const std::vector<Decision>& decisions) {
  for (const Decision& decision : decisions) {
    if (decision.kind != DecisionKind::kStartAbTest || decision.time != test.started) continue;
    return TextAt(EvidenceFrom(decision), "champion");
  }
  return "";
}

Status AddAbTests(LiveStore& store, const std::vector<Decision>& decisions, const std::string& model, Time now,
                  std::vector<Experiment>& experiments) {
  HONE_ASSIGN_OR_RETURN(const std::vector<AbTest> tests, store.ab_tests.List(model));
  std::map<std::string, const Decision*> ends;
  for (const Decision& decision : decisions) {
    if (decision.kind != DecisionKind::kEndAbTest) continue;
    ends[TextAt(EvidenceFrom(decision).value("ab_test", Json::object()), "id")] = &decision;
  }
  for (const AbTest& test : tests) {
    Experiment experiment = Of(test, ChampionOf(test, decisions));
    HONE_RETURN_IF_ERROR(TakeSplits(store, test.id.ToString(), experiment));
    if (!test.ended) {
      HONE_ASSIGN_OR_RETURN(const Json shown, AbTestEvidence(store, test, now));
      TakeEvidence(shown, experiment);
    } else if (const auto end = ends.find(test.id.ToString()); end != ends.end()) {
      experiment.decided = *end->second;
      TakeEvidence(EvidenceFrom(*end->second)["ab_test"], experiment);
    }
    experiments.push_back(std::move(experiment));
  }
  return OkStatus();
}

bool Admits(const ExperimentQuery& query, const Experiment& experiment) {
  if (query.running && *query.running == experiment.ended.has_value()) return false;
  if (query.kind && *query.kind != experiment.kind) return false;
  return !query.before || experiment.id < *query.before;
}

Status AddExperiments(LiveStore& store, const std::string& model, const ReleaseOf& release, Time now,
                      std::vector<Experiment>& experiments) {
  HONE_ASSIGN_OR_RETURN(const std::vector<Decision> decisions,
                        store.decisions.List({.model = model, .limit = kDecisionsRead}));
  HONE_RETURN_IF_ERROR(AddRollouts(store, decisions, release, model, experiments));
  return AddAbTests(store, decisions, model, now, experiments);
}

}  // namespace

const char* ExperimentKindName(ExperimentKind kind) {
  switch (kind) {
    case ExperimentKind::kShadow: return "shadow";
    case ExperimentKind::kCanary: return "canary";
    case ExperimentKind::kAbTest: return "ab_test";
  }
  return "shadow";
}

Result<ExperimentKind> ParseExperimentKind(std::string_view name) {
  for (const ExperimentKind kind : {ExperimentKind::kShadow, ExperimentKind::kCanary, ExperimentKind::kAbTest}) {
    if (name == ExperimentKindName(kind)) return kind;
  }
  return Error{ErrorCode::kInvalidArgument, "must be shadow, canary or ab_test", "", 0, "kind"};
}

Result<std::vector<Experiment>> ReadExperiments(LiveStore& store, const ExperimentQuery& query,
                                                const ReleaseOf& release, Time now) {
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> models, store.versions.Models());
  std::vector<Experiment> experiments;
  for (const std::string& model : models) {
    if (!query.model.empty() && model != query.model) continue;
    HONE_RETURN_IF_ERROR(AddExperiments(store, model, release, now, experiments));
  }
  std::erase_if(experiments, [&](const Experiment& experiment) { return !Admits(query, experiment); });
  std::ranges::sort(experiments, std::ranges::greater(), &Experiment::id);
  if (static_cast<std::int64_t>(experiments.size()) > query.limit) {
    experiments.resize(static_cast<std::size_t>(query.limit));
  }
  return experiments;
}

Result<Experiment> ReadExperiment(LiveStore& store, const Id& id, const ReleaseOf& release, Time now) {
  HONE_ASSIGN_OR_RETURN(std::vector<Experiment> all,
                        ReadExperiments(store, {.limit = std::numeric_limits<std::int64_t>::max()}, release, now));
  for (Experiment& experiment : all) {
    if (experiment.id == id) return std::move(experiment);
  }
  return Error{ErrorCode::kNotFound, "there is no experiment " + id.ToString()};
}

}  // namespace hone
