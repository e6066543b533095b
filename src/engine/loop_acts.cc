// What a person says to the improvement loop: another version active, a rollout paused, advanced, ended, unfrozen.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/improvement_loop.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

const char* RolloutActName(RolloutAct act) {
  switch (act) {
    case RolloutAct::kPause: return "pause";
    case RolloutAct::kResume: return "resume";
    case RolloutAct::kAdvance: return "advance";
    case RolloutAct::kAbort: return "abort";
    case RolloutAct::kUnfreeze: return "unfreeze";
  }
  return "";
}

std::string WordJson(const OperatorWord& word) {
  Json json{{"by", word.by}};
  if (!word.why.empty()) json["why"] = word.why;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Status ImprovementLoop::ActivateByHand(Time now, DecisionKind kind, const VersionPointer& loaded,
                                       const std::string& reason, const std::string& shown) {
  if (!champion_) return Error{ErrorCode::kConflict, "no version is active yet", model_.name};
  const VersionPointer version = Held(loaded);
  if (version->name == champion_->name) {
    return Error{ErrorCode::kConflict, version->name + " is already active", model_.name};
  }
  DropRollout();
  watch_.reset();
  earlier_.reset();
  anchor_ = version;                     // a person's word is a new beginning
  if (incumbent_) incumbent_ = version;  // so that the first job, when it ends, does not bring back the one before
  standing_.Regain();
  anchor_guard_.Restart();
  championship_.Restart();  // whoever beat the one before has shown nothing against this one, which may be the same
  if (kind == DecisionKind::kPromote) {
    ++counts_.promotions;
  } else {
    ++counts_.rollbacks;
  }
  Json evidence{{"from", champion_->name}, {"to", version->name}, {"by", "operator"}};
  if (!shown.empty()) evidence["ab_test"] = Json::parse(shown);
  Decided(now, kind, kind == DecisionKind::kPromote ? version->name : champion_->name, reason, evidence.dump());
  Activate(version, version->recipe);
  return OkStatus();
}

Status ImprovementLoop::ActOnRollout(Time now, RolloutAct act, const OperatorWord& word) {
  if (act == RolloutAct::kUnfreeze) return UnfreezeRollouts(now, word);
  if (!rollout_) return Error{ErrorCode::kConflict, "no version is on release", model_.name};
  switch (act) {
    case RolloutAct::kPause: return PauseRollout(now, word);
    case RolloutAct::kResume: return ResumeRollout(now, word);
    case RolloutAct::kAdvance: TakeStep(now, rollout_->steps.Advance(now), &word); break;
    case RolloutAct::kAbort: AbortRollout(now, word.by + " ended the rollout", WordJson(word)); break;
    case RolloutAct::kUnfreeze: break;
  }
  return OkStatus();
}

Status ImprovementLoop::PauseRollout(Time now, const OperatorWord& word) {
  const std::string& version = rollout_->version->name;
  if (rollout_->paused) return Error{ErrorCode::kConflict, version + " is paused already", model_.name};
  rollout_->paused = true;
  Json evidence = Json::parse(WordJson(word));
  evidence["step"] = rollout_->steps.step();
  evidence["share"] = rollout_->steps.share();
  Decided(now, DecisionKind::kPause, version, word.by + " paused the rollout", evidence.dump());
  return OkStatus();
}

Status ImprovementLoop::ResumeRollout(Time now, const OperatorWord& word) {
  const std::string& version = rollout_->version->name;
  if (!rollout_->paused) {
    return Error{ErrorCode::kConflict,
                 version + (rollout_->steps.at_gate() ? " waits at a gate; advance it" : " is not paused"),
                 model_.name};
  }
  rollout_->paused = false;
  Decided(now, DecisionKind::kResume, version, word.by + " resumed the rollout", WordJson(word));
  return OkStatus();
}

Status ImprovementLoop::UnfreezeRollouts(Time now, const OperatorWord& word) {
  if (!needs_person_) return Error{ErrorCode::kConflict, "rollouts are not frozen", model_.name};
  Json evidence = Json::parse(WordJson(word));
  evidence["rollbacks"] = rollbacks_in_a_row_;
  needs_person_ = false;
  rollbacks_in_a_row_ = 0;
  Decided(now, DecisionKind::kUnfreezeRollouts, champion_->name, word.by + " let rollouts begin again",
          evidence.dump());
  return OkStatus();
}

}  // namespace hone
