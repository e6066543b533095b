#include "api/experiment_json.h"

#include "engine/split_book.h"

namespace hone {
namespace {

void WriteEstimate(const ExperimentEstimate& estimate, JsonWriter& json) {
  json.BeginMap().Member("version", estimate.version).Member("against", estimate.against);
  json.Member("verdict", estimate.verdict).Member("reason", estimate.reason).Member("rows", estimate.rows);
  json.Member("mean_gain", estimate.mean_gain).Key("interval").BeginList();
  json.Value(estimate.low).Value(estimate.high).EndList();
  json.Member("log_e", estimate.log_e).Member("threshold", estimate.threshold).EndMap();
}

void WriteArm(const ExperimentArm& arm, JsonWriter& json) {
  json.BeginMap().Member("version", arm.version).Member("share", arm.share).Member("answered", arm.answered);
  json.Member("outcomes", arm.outcomes).Member("mean_squared_error", arm.mean_squared_error).EndMap();
}

void WriteDecided(const std::optional<Decision>& decided, JsonWriter& json) {
  json.Key("decided");
  if (!decided) return static_cast<void>(json.Null());
  json.BeginMap().Member("id", decided->id.ToString()).Member("time", FormatTime(decided->time));
  json.Member("kind", DecisionKindName(decided->kind)).Member("version", decided->version);
  json.Member("reason", decided->reason).EndMap();
}

}  // namespace

void WriteExperiment(const Experiment& experiment, JsonWriter& json) {
  const auto text = [](const std::string& value) { return value.empty() ? std::nullopt : std::optional(value); };
  json.BeginMap().Member("id", experiment.id.ToString()).Member("model", experiment.model);
  json.Member("kind", ExperimentKindName(experiment.kind)).Member("state", experiment.ended ? "ended" : "running");
  json.Member("question", experiment.question).Member("started", FormatTime(experiment.started));
  json.Member("ended", experiment.ended ? std::optional(FormatTime(*experiment.ended)) : std::nullopt);
  json.Member("deadline", experiment.deadline ? std::optional(FormatTime(*experiment.deadline)) : std::nullopt);
  json.Member("champion", text(experiment.champion)).Key("challengers").BeginList();
  for (const std::string& challenger : experiment.challengers) json.Value(challenger);
  json.EndList().Member("verdict", VerdictName(experiment.verdict)).Member("reason", experiment.reason);
  json.Member("outcomes", experiment.outcomes).Key("arms").BeginList();
  for (const ExperimentArm& arm : experiment.arms) WriteArm(arm, json);
  json.EndList().Key("estimates").BeginList();
  for (const ExperimentEstimate& estimate : experiment.estimates) WriteEstimate(estimate, json);
  json.EndList().Key("splits").BeginList();
  for (const SplitRecord& split : experiment.splits) json.Raw(SplitJson(split));
  json.EndList();
  WriteDecided(experiment.decided, json);
  json.RawMember("because", experiment.because.empty() ? "null" : experiment.because).EndMap();
}

std::string ExperimentsJson(const std::vector<Experiment>& experiments) {
  JsonWriter json;
  json.BeginMap().Key("experiments").BeginList();
  for (const Experiment& experiment : experiments) WriteExperiment(experiment, json);
  json.EndList().EndMap();
  return json.Take();
}

}  // namespace hone
