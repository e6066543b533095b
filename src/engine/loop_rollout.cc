// The improvement loop's rollouts: championship, canary steps, promotion, watch, roll back, freeze.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/improvement_loop.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

Json EvidenceOf(const Judgement& judgement) {
  const PairedEvidence& paired = judgement.evidence;
  return {{"verdict", VerdictName(judgement.verdict)},
          {"rows", paired.rows},
          {"mean_gain", paired.mean},
          {"interval", {paired.low, paired.high}},
          {"log_e", paired.log_e},
          {"threshold", judgement.threshold},
          {"alpha", judgement.alpha},
          {"block_length", paired.block_length},
          {"blocks", paired.blocks}};
}

}  // namespace

void ImprovementLoop::Decided(Time now, DecisionKind kind, const std::string& version, std::string reason,
                              std::string evidence) {
  Decision decision;
  decision.id = decision_ids_.Next(now);
  decision.time = now;
  decision.kind = kind;
  decision.model = model_.name;
  decision.version = version;
  decision.reason = std::move(reason);
  decision.evidence = std::move(evidence);
  services_.journal->OnDecision(decision);
}

void ImprovementLoop::OnLicence(Time now, int line) {
  const Line& changed = lines_[static_cast<std::size_t>(line)];
  const bool held = changed.practice.held();
  Json evidence = EvidenceOf(changed.practice.judgement());
  evidence["recipe"] = recipes_[static_cast<std::size_t>(line)].name;
  evidence["practice_rows"] = changed.practice.rows();
  Decided(now, held ? DecisionKind::kGrantLicence : DecisionKind::kWithdrawLicence, changed.current->name,
          fmt::format("{}: refreshed versions are {} than {:.0f} % worse than the ones they replaced",
                      recipes_[static_cast<std::size_t>(line)].name, held ? "less" : "more",
                      100 * policy_.rollout.practice_margin),
          evidence.dump());
}

void ImprovementLoop::Activate(const VersionPointer& version, int line) {
  if (champion_ && champion_ != version) services_.journal->OnStage(*champion_, Stage::kRetired);
  if (champion_ != version) services_.journal->OnStage(*version, Stage::kActive);
  champion_ = version;
  champion_line_ = line;
  frozen_ = false;
  need_.Close();
  persistence_wins_since_ = -1;
  const Line& reference = lines_[static_cast<std::size_t>(line)];
  triggers_.SetReference(reference.losses);
  drift_.SetReference(history_, version->begin, version->end, *version->model, reference.recent_losses);
  RebuildLiveSet();
}

void ImprovementLoop::JudgeNeed(Time now) {
  const auto proof = need_.Look();
  Line& line = lines_[static_cast<std::size_t>(champion_line_)];
  if (!proof || line.current == champion_) return;
  Json evidence = EvidenceOf(proof->judgement);
  evidence["recent_gain"] = proof->recent_gain;
  evidence["need"] = proof->number;
  evidence["recipe"] = recipes_[static_cast<std::size_t>(champion_line_)].name;
  evidence["champion"] = champion_->name;
  if (!line.practice.held()) {
    line.practice.Grant(proof->judgement);
    OnLicence(now, champion_line_);
  }
  BeginRollout(now, champion_line_, Question::kRecipe, evidence.dump());
}

void ImprovementLoop::JudgeChampionship(Time now) {
  const auto winner = championship_.Look();
  if (!winner) return;
  const int persistence = static_cast<int>(lines_.size());
  Json evidence = EvidenceOf(winner->judgement);
  evidence["recent_gain"] = winner->recent_gain;
  evidence["championship"] = championship_.number();
  evidence["candidates"] = lines_.size() + 1;
  evidence["start"] = winner->start;
  if (winner->candidate != persistence) {
    evidence["recipe"] = recipes_[static_cast<std::size_t>(winner->candidate)].name;
    evidence["champion"] = champion_->name;
    BeginRollout(now, winner->candidate, Question::kRecipe, evidence.dump());
    return;
  }
  // Persistence is proven better than what is served. A line that does better still gets a little time to prove it.
  if (persistence_wins_since_ < 0) persistence_wins_since_ = championship_.rows(persistence);
  bool contender = false;
  for (int i = 0; i < persistence; ++i) {
    contender = contender || championship_.RecentGain(i) > winner->recent_gain;
  }
  const bool patient = championship_.rows(persistence) - persistence_wins_since_ < policy_.rollout.freeze_rows;
  if (!frozen_ && !(contender && patient)) Freeze(now, winner->judgement);
}

void ImprovementLoop::Freeze(Time now, const Judgement& judgement) {
  Json evidence = EvidenceOf(judgement);
  evidence["champion"] = champion_->name;
  evidence["championship"] = championship_.number();
  Decided(now, DecisionKind::kFreeze, champion_->name,
          "persistence is proven better than what is served; it answers until a line earns its place", evidence.dump());
  frozen_ = true;
  championship_.Restart();
  RebuildLiveSet();
}

void ImprovementLoop::BeginRollout(Time now, int line, Question question, std::string evidence) {
  const VersionPointer version = lines_[static_cast<std::size_t>(line)].current;
  ++watches_;
  rollout_.emplace(Rollout{version, question, line,
                           RolloutSteps(policy_.rollout.steps, policy_.rollout.step_predictions), std::move(evidence)});
  watch_.emplace(Watch{version, champion_, line,
                       HarmGuard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha), false, 0});
  Json shadow = {{"question", QuestionName(question)}};
  shadow["because"] = Json::parse(rollout_->evidence);
  Decided(now, DecisionKind::kShadow, version->name,
          fmt::format("{} {} answers in shadow before its canary",
                      question == Question::kRefresh ? "refresh" : "challenger", version->name),
          shadow.dump());
  RebuildLiveSet();
}

void ImprovementLoop::StepRollout(const PendingRow& row) {
  const double value = row.values[static_cast<std::size_t>(row.live->challenger)];
  if (!rollout_->version->range.Contains(value)) {
    RollBack(row.time,
             fmt::format("answered {:.6g}, outside [{:.6g}, {:.6g}]", value, rollout_->version->range.low,
                         rollout_->version->range.high),
             Json{{"guardrail", "range"}, {"value", value}}.dump());
    return;
  }
  switch (rollout_->steps.OnScored()) {
    case RolloutSteps::Event::kNone: return;
    case RolloutSteps::Event::kCompleted: Promote(row.time); return;
    case RolloutSteps::Event::kNextStep: break;
  }
  if (rollout_->steps.step() == 1) {
    // From the first live answer on: good rows in shadow must not excuse bad ones in canary.
    ++watches_;
    watch_->guard = HarmGuard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha);
  }
  services_.journal->OnStage(*rollout_->version, Stage::kCanary);
  Decided(row.time, DecisionKind::kAdvance, rollout_->version->name,
          fmt::format("canary answers {:.0f} % of requests", 100 * rollout_->steps.share()),
          Json{{"step", rollout_->steps.step()},
               {"share", rollout_->steps.share()},
               {"question", QuestionName(rollout_->question)},
               {"guard_rows", watch_ ? watch_->guard.rows() : 0}}
              .dump());
  RebuildLiveSet();
}

void ImprovementLoop::Promote(Time now) {
  const Rollout rollout = *rollout_;
  rollout_.reset();
  Json evidence = Json::parse(rollout.evidence);
  evidence["question"] = QuestionName(rollout.question);
  const double champion_loss = lines_[static_cast<std::size_t>(champion_line_)].losses.mean();
  evidence["margin"] = rollout.question == Question::kRefresh ? policy_.rollout.refresh_margin * champion_loss : 0.0;
  evidence["replaced"] = champion_->name;
  if (services_.truth != nullptr) {
    evidence["true_gain"] = services_.truth->Gain(now, *champion_->model, *rollout.version->model);
  }
  ++counts_.promotions;
  ++watches_;
  watch_->guard = HarmGuard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha);
  watch_->promoted = true;
  watch_->outcomes = 0;
  if (rollout.question == Question::kRecipe) {
    anchor_ = rollout.version;
    championship_.Restart();
  } else {
    championship_.Forget(rollout.line);
  }
  Decided(now, DecisionKind::kPromote, rollout.version->name,
          rollout.question == Question::kRefresh
              ? fmt::format("refresh of {}: practice proven, twin passed, canary clean",
                            recipes_[static_cast<std::size_t>(rollout.line)].name)
              : fmt::format("{} is proven better than what was served",
                            recipes_[static_cast<std::size_t>(rollout.line)].name),
          evidence.dump());
  Activate(rollout.version, rollout.line);
}

void ImprovementLoop::OnHarm(Time now, const HarmGuard::Harm& harm) {
  Json evidence = EvidenceOf(harm.judgement);
  evidence["against"] = AgainstName(harm.against);
  RollBack(now, fmt::format("proven worse than the {} version on paired live outcomes", AgainstName(harm.against)),
           evidence.dump());
}

void ImprovementLoop::RollBack(Time now, const std::string& reason, const std::string& evidence) {
  const Watch watch = *watch_;
  const int rolled_line = watch.line;
  rollout_.reset();
  watch_.reset();
  ++counts_.rollbacks;
  Json told = Json::parse(evidence);
  told["from"] = watch.promoted ? "active" : "canary";
  told["to"] = watch.replaced->name;
  services_.journal->OnStage(*watch.watched, Stage::kRejected);
  Decided(now, DecisionKind::kRollBack, watch.watched->name, reason, told.dump());
  championship_.Forget(rolled_line);
  if (rolled_line == champion_line_) need_.Close();
  Line& line = lines_[static_cast<std::size_t>(rolled_line)];
  if (line.current == watch.watched) {
    line.current = line.replaced ? line.replaced : watch.replaced;
    line.replaced = nullptr;
  }
  if (watch.promoted) {
    champion_ = nullptr;  // already told: rejected, not retired
    Activate(watch.replaced, watch.replaced->recipe);
  } else {
    RebuildLiveSet();
  }
  if (++rollbacks_in_a_row_ >= policy_.rollout.maximum_rollbacks) {
    needs_person_ = true;
    Decided(now, DecisionKind::kAlert, champion_->name,
            fmt::format("{} roll backs in a row: no more rollouts until a person looks", rollbacks_in_a_row_),
            Json{{"rollbacks", rollbacks_in_a_row_}}.dump());
  }
}

Status ImprovementLoop::ActivateByHand(Time now, DecisionKind kind, const VersionPointer& version,
                                       const std::string& reason) {
  if (!champion_) return Error{ErrorCode::kConflict, "no version is active yet", model_.name};
  if (version->name == champion_->name) {
    return Error{ErrorCode::kConflict, version->name + " is already active", model_.name};
  }
  rollout_.reset();
  watch_.reset();
  if (kind == DecisionKind::kPromote) {
    ++counts_.promotions;
  } else {
    ++counts_.rollbacks;
  }
  Decided(now, kind, kind == DecisionKind::kPromote ? version->name : champion_->name, reason,
          Json{{"from", champion_->name}, {"to", version->name}, {"by", "operator"}}.dump());
  Activate(version, version->recipe);
  return OkStatus();
}

}  // namespace hone
