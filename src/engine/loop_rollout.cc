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
  if (champion_ != version) {
    services_.journal->OnStage(*version, Stage::kActive);
    arms_.clear();
  }
  champion_ = version;
  champion_line_ = line;
  frozen_ = false;
  standing_.Forget();
  persistence_wins_since_ = -1;
  const Line& reference = lines_[static_cast<std::size_t>(line)];
  triggers_.SetReference(reference.losses);
  drift_.SetReference(history_, version->begin, version->end, *version->model, reference.recent_losses);
  RebuildLiveSet();
}

void ImprovementLoop::JudgeStanding(Time now) {
  const auto lead = standing_.Look();
  if (!lead) return;
  standing_.Forget();
  Json evidence = Json::parse(lead->evidence);
  evidence["lead"] = {{"rows", lead->rows}, {"mean_gain", lead->mean_gain}};
  BeginRollout(now, champion_line_, Question::kRefresh, evidence.dump());
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
  if (watch_ && watch_->promoted && !earlier_) earlier_ = watch_;
  ++watches_;
  rollout_.emplace(Rollout{version, question, line,
                           RolloutSteps(policy_.rollout.steps, LengthOf(policy_.rollout), policy_.rollout.gates, now),
                           std::move(evidence), now});
  watch_.emplace(Watch{version, champion_, line,
                       HarmGuard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha), false, 0,
                       nullptr});
  services_.journal->OnStage(*version, Stage::kShadow);  // it may have been active before
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
  if (AbortIfLate(row.time) || rollout_->paused) return;
  TakeStep(row.time, rollout_->steps.OnScored(row.time), nullptr);
}

void ImprovementLoop::HoldRollout(Time now, const std::string& reason, const std::string& evidence) {
  if (!rollout_ || rollout_->paused) return;
  rollout_->paused = true;
  Decided(now, DecisionKind::kPause, rollout_->version->name, reason, evidence);
}

void ImprovementLoop::BreakGuardrail(Time now, const std::string& version, const std::string& reason,
                                     const std::string& evidence) {
  if (rollout_ && rollout_->version->name == version) RollBack(now, reason, evidence);
}

// Whether its deadline has passed: then it is over.
bool ImprovementLoop::AbortIfLate(Time now) {
  const int days = policy_.rollout.deadline_days;
  if (days == 0 || now - rollout_->started <= days * kDay) return false;
  AbortRollout(now, fmt::format("neither promoted nor taken back within {} days", days),
               Json{{"by", "policy"}, {"deadline_days", days}, {"started", FormatTime(rollout_->started)}}.dump());
  return true;
}

// `word`: of the person who wanted it; null where the policy did.
void ImprovementLoop::TakeStep(Time now, RolloutSteps::Event event, const OperatorWord* word) {
  const std::string& version = rollout_->version->name;
  switch (event) {
    case RolloutSteps::Event::kNone: return;
    case RolloutSteps::Event::kCompleted: Promote(now, word); return;
    case RolloutSteps::Event::kAtGate: {
      const double next = rollout_->steps.next_share().value_or(1);
      Decided(now, DecisionKind::kPause, version,
              fmt::format("waits for a person before it answers {:.4g} % of requests", 100 * next),
              Json{{"by", "policy"},
                   {"step", rollout_->steps.step()},
                   {"share", rollout_->steps.share()},
                   {"next_share", next}}
                  .dump());
      return;
    }
    case RolloutSteps::Event::kNextStep: break;
  }
  if (rollout_->steps.step() == 1) {
    // From the first live answer on: good rows in shadow must not excuse bad ones in canary.
    ++watches_;
    watch_->guard = HarmGuard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha);
  }
  services_.journal->OnStage(*rollout_->version, Stage::kCanary);
  Json evidence{{"step", rollout_->steps.step()},
                {"share", rollout_->steps.share()},
                {"question", QuestionName(rollout_->question)},
                {"guard_rows", watch_ ? watch_->guard.rows() : 0}};
  if (word != nullptr) evidence.update(Json::parse(WordJson(*word)));
  Decided(now, DecisionKind::kAdvance, version,
          fmt::format("canary answers {:.0f} % of requests", 100 * rollout_->steps.share()), evidence.dump());
  RebuildLiveSet();
}

void ImprovementLoop::Promote(Time now, const OperatorWord* word) {
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
  if (word != nullptr) evidence.update(Json::parse(WordJson(*word)));
  ++counts_.promotions;
  ++watches_;
  watch_->guard = HarmGuard(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha);
  watch_->promoted = true;
  watch_->outcomes = 0;
  if (earlier_) earlier_->outcomes = 0;
  if (rollout.question == Question::kRecipe) {
    watch_->anchor_before = anchor_;
    standing_.Regain();
    anchor_ = rollout.version;
    anchor_guard_.Restart();
    championship_.Restart();
  } else {
    championship_.Forget(rollout.line);
  }
  Decided(now, DecisionKind::kPromote, rollout.version->name,
          rollout.question == Question::kRefresh
              ? fmt::format("refresh of {}: {}, twin passed, canary clean",
                            recipes_[static_cast<std::size_t>(rollout.line)].name,
                            evidence.contains("lead") ? "leads a champion that lost its standing" : "practice proven")
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
  rollout_.reset();
  watch_.reset();
  Json told = Json::parse(evidence);
  told["from"] = watch.promoted ? "active" : "canary";
  told["to"] = watch.replaced->name;
  services_.journal->OnStage(*watch.watched, Stage::kRejected);
  Decided(now, DecisionKind::kRollBack, watch.watched->name, reason, told.dump());
  if (watch.promoted && watch.anchor_before) {
    anchor_ = watch.anchor_before;
    anchor_guard_.Restart();
  }
  AfterTakingBack(now, watch.watched, watch.replaced, watch.line, watch.promoted);
}

// Another version becomes active meanwhile.
void ImprovementLoop::DropRollout() {
  if (rollout_ && rollout_->steps.step() > 0) services_.journal->OnStage(*rollout_->version, Stage::kShadow);
  rollout_.reset();
}

// The champion answers alone again; nothing is proven.
void ImprovementLoop::AbortRollout(Time now, const std::string& reason, const std::string& evidence) {
  const Watch watch = *watch_;
  Json told = Json::parse(evidence);
  told["from"] = rollout_->steps.step() == 0 ? "shadow" : "canary";
  told["to"] = champion_->name;
  rollout_.reset();
  watch_.reset();
  services_.journal->OnStage(*watch.watched, Stage::kRejected);
  Decided(now, DecisionKind::kAbort, watch.watched->name, reason, told.dump());
  Withdraw(watch.watched, watch.replaced, watch.line, false);
}

void ImprovementLoop::TakeBackChampion(Time now, const VersionPointer& to, VersionPointer anchor,
                                       const std::string& reason, const Judgement& judgement) {
  const VersionPointer bad = champion_;
  if (!anchor && watch_ && watch_->promoted && to != anchor_) anchor = watch_->anchor_before;
  Json told = EvidenceOf(judgement);
  told["against"] = AgainstName(to == anchor_ ? HarmGuard::Against::kAnchor : HarmGuard::Against::kReplaced);
  told["from"] = "active";
  told["to"] = to->name;
  if (anchor) anchor_ = std::move(anchor);
  DropRollout();
  watch_.reset();
  earlier_.reset();
  anchor_guard_.Restart();
  services_.journal->OnStage(*bad, Stage::kRejected);
  Decided(now, DecisionKind::kRollBack, bad->name, reason, told.dump());
  AfterTakingBack(now, bad, to, champion_line_, true);
}

void ImprovementLoop::AfterTakingBack(Time now, const VersionPointer& bad, const VersionPointer& to, int line,
                                      bool was_active) {
  ++counts_.rollbacks;
  Withdraw(bad, to, line, was_active);
  if (++rollbacks_in_a_row_ < policy_.rollout.maximum_rollbacks) return;
  const std::string told = Json{{"rollbacks", rollbacks_in_a_row_}, {"serves", champion_->name}}.dump();
  if (!needs_person_) {
    Decided(now, DecisionKind::kFreezeRollouts, champion_->name,
            fmt::format("{} roll backs in a row: {} goes on answering, and no rollout begins", rollbacks_in_a_row_,
                        champion_->name),
            told);
  }
  needs_person_ = true;
  Decided(now, DecisionKind::kAlert, champion_->name,
          fmt::format("{} roll backs in a row: no more rollouts until a person looks", rollbacks_in_a_row_), told);
}

void ImprovementLoop::Withdraw(const VersionPointer& bad, const VersionPointer& to, int line, bool was_active) {
  Line& rolled = lines_[static_cast<std::size_t>(line)];
  if (rolled.current == bad) {
    rolled.current = rolled.replaced ? rolled.replaced : to;
    rolled.replaced = nullptr;
  } else if (rolled.replaced == bad) {
    rolled.replaced = to->recipe == line ? to : nullptr;  // should the newest fail too, the line returns to no bad one
  }
  if (was_active) {
    championship_.Restart();  // whoever beat the bad version has shown nothing against the good one
    if (earlier_ && earlier_->replaced == to) earlier_.reset();
    champion_ = nullptr;  // already told: rejected, not retired
    Activate(to, to->recipe);
  } else {
    championship_.Forget(line);
    if (line == champion_line_) standing_.Forget();
    RebuildLiveSet();
  }
}

}  // namespace hone
