#include "api/rollout_json.h"

namespace hone {
namespace {

std::optional<std::string> TextIfAny(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void WriteGuard(const GuardStatus& guard, JsonWriter& json) {
  const PairedEvidence& evidence = guard.judgement.evidence;
  json.BeginMap()
      .Member("against", AgainstName(guard.against))
      .Member("version", guard.version)
      .Member("verdict", VerdictName(guard.judgement.verdict))
      .Member("rows", evidence.rows)
      .Member("mean_gain", evidence.mean);
  json.Key("interval").BeginList().Value(evidence.low).Value(evidence.high).EndList();
  json.Member("log_e", evidence.log_e)
      .Member("threshold", guard.judgement.threshold)
      .Member("next_look", guard.next_look)
      .EndMap();
}

void WriteRelease(const ReleaseStatus& release, JsonWriter& json) {
  json.BeginMap().Member("version", release.version);
  json.Key("question")
      .Value(release.question ? std::optional<std::string>(QuestionName(*release.question)) : std::nullopt);
  json.Key("started").Value(release.started ? std::optional<std::string>(FormatTime(*release.started)) : std::nullopt);
  json.RawMember("because", release.because.empty() ? "null" : release.because)
      .Member("step", release.step)
      .Member("step_began",
              release.step_began ? std::optional<std::string>(FormatTime(*release.step_began)) : std::nullopt)
      .Member("scored", release.scored)
      .Member("share", release.share)
      .Member("next_share", release.next_share)
      .Member("outcomes", release.outcomes);
  json.Key("guard").BeginList();
  WriteGuard(release.replaced, json);
  WriteGuard(release.anchor, json);
  json.EndList().EndMap();
}

}  // namespace

void WriteRollout(const RolloutStatus& rollout, JsonWriter& json) {
  json.BeginMap()
      .Member("model", rollout.model)
      .Member("champion", TextIfAny(rollout.champion))
      .Member("state", RolloutStateName(rollout.state))
      .Member("frozen", rollout.frozen)
      .Member("rollbacks_in_a_row", rollout.rollbacks_in_a_row);
  json.Key("release");
  if (rollout.release) {
    WriteRelease(*rollout.release, json);
  } else {
    json.Null();
  }
  json.EndMap();
}

}  // namespace hone
