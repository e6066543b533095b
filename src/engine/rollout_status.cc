#include "engine/rollout_status.h"

#include "engine/state_json.h"

namespace hone {
namespace {

GuardStatus StatusOf(const HarmGuard& guard, HarmGuard::Against against, std::string version) {
  return {against, std::move(version), guard.Judge(against), guard.next_look(against)};
}

void TakeSteps(const StateJson& rollout, const RolloutPolicy& policy, RolloutStatus& status) {
  ReleaseStatus& release = *status.release;
  const RolloutSteps steps = StepsFrom(rollout, policy);
  release.question = static_cast<Question>(rollout.at("question").get<int>());
  if (rollout.contains("started")) release.started = rollout.at("started").get<Time>();
  release.because = rollout.at("evidence");
  release.step = steps.step();
  release.step_began = steps.state().began;
  release.scored = steps.scored();
  release.share = steps.share();
  release.next_share = steps.next_share();
  status.state = rollout.value("paused", false) ? RolloutState::kPaused
                 : steps.at_gate()              ? RolloutState::kWaiting
                 : steps.step() == 0            ? RolloutState::kShadow
                                                : RolloutState::kCanary;
}

RolloutStatus StatusFrom(const std::string& model, int horizon, const RolloutPolicy& policy, const StateJson& state) {
  RolloutStatus status{
      model,       state.at("champion"), RolloutState::kNone, state.at("needs_person"), state.at("rollbacks_in_a_row"),
      std::nullopt};
  if (!state.contains("watch")) return status;
  const StateJson& watch = state.at("watch");
  HarmGuard guard(horizon, policy.refresh_margin, policy.alpha);
  guard.Restore({PairedFrom(watch.at("against_replaced")), PairedFrom(watch.at("against_anchor"))});
  ReleaseStatus& release = status.release.emplace();
  release.version = watch.at("watched");
  release.outcomes = watch.at("outcomes");
  release.replaced = StatusOf(guard, HarmGuard::Against::kReplaced, watch.at("replaced"));
  release.anchor = StatusOf(guard, HarmGuard::Against::kAnchor, state.at("anchor"));
  status.state = RolloutState::kWatched;
  if (state.contains("rollout")) TakeSteps(state.at("rollout"), policy, status);
  return status;
}

}  // namespace

const char* RolloutStateName(RolloutState state) {
  switch (state) {
    case RolloutState::kNone: return "none";
    case RolloutState::kShadow: return "shadow";
    case RolloutState::kCanary: return "canary";
    case RolloutState::kWaiting: return "waiting";
    case RolloutState::kPaused: return "paused";
    case RolloutState::kWatched: return "watched";
  }
  return "none";
}

Result<RolloutStatus> ReadRolloutStatus(const std::string& model, int horizon, const RolloutPolicy& policy,
                                        std::string_view checkpoint) {
  try {
    return StatusFrom(model, horizon, policy, StateJson::parse(checkpoint));
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorCode::kCorrupt, "checkpoint of model " + model + " is damaged: " + error.what(), "", 0, ""};
  }
}

Result<std::optional<RolloutStatus>> StoredRollout(LiveStore& store, const std::string& model,
                                                   const RolloutPolicy& policy) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(model));
  HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> definition, store.definitions.Find(model));
  if (!definition || AnswersClasses(definition->model)) return std::optional<RolloutStatus>();
  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> saved, store.checkpoints.Load(LoopCheckpoint(model)));
  if (!saved) {  // it was trained and never served
    RolloutStatus status;
    status.model = model;
    if (active) status.champion = active->number.ToString();
    return std::optional(std::move(status));
  }
  HONE_ASSIGN_OR_RETURN(RolloutStatus status, ReadRolloutStatus(model, definition->model.horizon, policy, *saved));
  return std::optional(std::move(status));
}

}  // namespace hone
