#include "engine/improvement_loop.h"

#include <algorithm>

namespace hone {
namespace {

double SquaredError(double prediction, double y) { return (prediction - y) * (prediction - y); }

int ColumnOf(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

}  // namespace

int LiveSet::SlotOf(const VersionPointer& version) {
  if (!version) return kNone;
  const auto found = std::find(versions.begin(), versions.end(), version);
  if (found != versions.end()) return static_cast<int>(found - versions.begin());
  versions.push_back(version);
  return static_cast<int>(versions.size()) - 1;
}

bool LiveSet::IsArm(const std::string& version) const {
  return std::any_of(arms.begin(), arms.end(),
                     [&](int slot) { return versions[static_cast<std::size_t>(slot)]->name == version; });
}

ImprovementLoop::ImprovementLoop(ModelDefinition model, Policy policy, std::uint64_t seed, Services services,
                                 LoopMode mode)
    : model_(std::move(model)),
      policy_(std::move(policy)),
      mode_(mode),
      services_(services),
      recipes_(CompetingRecipes(model_)),
      seed_(seed),
      decision_ids_(Random::Stream(seed, "decision ids").Next()),
      persistence_column_(ColumnOf(model_.features, model_.persistence)),
      initial_rows_(static_cast<std::size_t>(policy_.retraining.initial_rows)),
      championship_(static_cast<int>(recipes_.size()) + 1, model_.horizon, policy_.rollout.alpha,
                    policy_.rollout.minimum_outcomes),
      standing_(model_.horizon),
      anchor_guard_(model_.horizon, policy_.rollout.refresh_margin, policy_.rollout.alpha),
      triggers_(policy_.retraining, model_.horizon),
      drift_(policy_.drift, model_.name, model_.features, model_.horizon, seed) {
  history_.names = model_.features;
  lines_.assign(recipes_.size(), Line(model_.horizon, policy_.rollout.practice_margin, policy_.rollout.alpha,
                                      policy_.retraining.twin_ratio));
  line_losses_.resize(recipes_.size() + 1);
  line_eligible_.resize(recipes_.size() + 1);
}

void ImprovementLoop::AddHistory(Time time, Time label_time, std::span<const double> features, double y) {
  history_.time.push_back(time);
  history_.label_time.push_back(label_time);
  history_.x.insert(history_.x.end(), features.begin(), features.end());
  history_.y.push_back(y);
}

void ImprovementLoop::MaybeBegin(Time now, VersionPointer incumbent) {
  if (incumbent && !champion_) TakeIncumbent(std::move(incumbent));
  if (begun_ || history_.rows() < initial_rows_) return;
  begun_ = true;
  Trigger trigger;
  trigger.kind = TriggerKind::kInitial;
  trigger.rows = static_cast<std::int64_t>(history_.rows());
  trigger.reason = "the first versions";
  StartJob(now, trigger);
  Poll(now);
}

void ImprovementLoop::TakeIncumbent(VersionPointer incumbent) {
  incumbent_ = std::move(incumbent);
  Line& line = lines_[static_cast<std::size_t>(incumbent_->recipe)];
  line.current = incumbent_;
  line.major = highest_major_ = incumbent_->number.major_number;
  line.minor = incumbent_->number.minor_number;
  anchor_ = champion_ = incumbent_;
  champion_line_ = incumbent_->recipe;
  RebuildLiveSet();
}

ImprovementLoop::Routing ImprovementLoop::routing() const {
  Routing routing;
  routing.champion = champion_;
  routing.frozen = frozen_;
  if (rollout_) {
    routing.challenger = rollout_->version;
    routing.share = rollout_->steps.share();
    routing.step = rollout_->steps.step();
    routing.started = rollout_->started;
  }
  return routing;
}

void ImprovementLoop::RebuildLiveSet() {
  auto live = std::make_shared<LiveSet>();
  live->champion = live->SlotOf(champion_);
  live->anchor = live->SlotOf(anchor_);
  live->frozen = frozen_;
  if (rollout_) live->challenger = live->SlotOf(rollout_->version);
  if (watch_) {
    live->watched = live->SlotOf(watch_->watched);
    live->replaced = live->SlotOf(watch_->replaced);
    live->watch = watches_;
  }
  if (earlier_) live->SlotOf(earlier_->replaced);
  for (const VersionPointer& arm : arms_) live->arms.push_back(live->SlotOf(arm));
  for (const Line& line : lines_) live->line_current.push_back(live->SlotOf(line.current));
  live->competes.assign(live->versions.size(), true);
  for (const Line& line : lines_) live->line_replaced.push_back(live->SlotOf(line.replaced));
  live->competes.resize(live->versions.size(), false);
  live_ = std::move(live);
  ++routing_number_;
}

// The object of that version which the loop has already, where it has one: a version scores a request once, and rows
// scored by the same versions are known as such.
VersionPointer ImprovementLoop::Held(const VersionPointer& version) const {
  VersionPointer held;
  const auto look = [&](const LiveSet& live) {
    for (const VersionPointer& known : live.versions) {
      if (!held && known->name == version->name) held = known;
    }
  };
  look(*live_);
  for (const ScoredBefore& scored : scored_before_) look(*scored.live);
  for (const PendingRow& row : pending_) look(*row.live);
  return held ? held : version;
}

Status ImprovementLoop::SetArms(std::vector<VersionPointer> arms) {
  if (arms.empty() && arms_.empty()) return OkStatus();
  if (!champion_) return Error{ErrorCode::kConflict, "no version is active yet", model_.name};
  if (rollout_) {
    return Error{ErrorCode::kConflict,
                 rollout_->version->name + " is on release; wait for its end, or promote or roll back a version"};
  }
  if (frozen_) return Error{ErrorCode::kConflict, "persistence answers; promote a version first", model_.name};
  for (VersionPointer& arm : arms) arm = Held(arm);
  arms_ = std::move(arms);
  RebuildLiveSet();
  return OkStatus();
}

// What the loop itself made of the request: an arm's answer was a person's choice.
double ImprovementLoop::ServedValue(const Prediction& prediction, const PendingRow& row) const {
  const LiveSet& live = *row.live;
  return live.IsArm(prediction.version) ? row.values[static_cast<std::size_t>(live.champion)] : prediction.value;
}

void ImprovementLoop::OnServed(const Prediction& prediction) {
  if (!serving()) return;
  if (prediction.id <= (pending_.empty() ? last_consumed_ : pending_.back().id)) return;
  if (history_.rows() > 0 && prediction.time < history_.time.back()) return;
  ConsumeMatured(prediction.time);
  if (pending_.size() >= kMostPendingRows) return;
  while (!scored_before_.empty() && scored_before_.front().until < prediction.id) scored_before_.pop_front();
  const bool again = !scored_before_.empty();
  PendingRow row;
  row.id = prediction.id;
  row.time = prediction.time;
  row.features = prediction.features;
  row.live = again ? scored_before_.front().live : live_;
  row.values.resize(row.live->versions.size());
  for (std::size_t slot = 0; slot < row.values.size(); ++slot) {
    const TrainedVersion& version = *row.live->versions[slot];
    row.values[slot] = version.model->Predict(row.features);
    const bool told = !again && version.name != prediction.version && row.live->competes[slot];
    if (told) services_.journal->OnShadow({row.id, version.name, row.values[slot]});
  }
  row.served = ServedValue(prediction, row);
  if (rollout_ && !again) StepRollout(row);
  pending_.push_back(std::move(row));
}

void ImprovementLoop::OnOutcome(const Outcome& outcome) {
  // Ids increase with time, so pending rows are sorted by id.
  const auto row = std::lower_bound(pending_.begin(), pending_.end(), outcome.prediction_id,
                                    [](const PendingRow& pending, const Id& id) { return pending.id < id; });
  if (row == pending_.end() || row->id != outcome.prediction_id || row->outcome) return;
  row->outcome = outcome.value;
  row->outcome_time = outcome.time;
  ConsumeMatured(pending_.back().time);
}

// `newest`: of the requests.
void ImprovementLoop::ConsumeMatured(Time newest) {
  const Duration patience = kLateHorizons * model_.horizon * bar_size_;
  while (!pending_.empty()) {
    const bool known = pending_.front().outcome.has_value();
    if (!known && newest - pending_.front().time <= patience) return;
    PendingRow row = std::move(pending_.front());
    pending_.pop_front();
    last_consumed_ = row.id;
    if (known) Consume(std::move(row));
  }
}

void ImprovementLoop::Consume(PendingRow row) {
  const double y = *row.outcome;
  AddHistory(row.time, row.outcome_time, row.features, y);
  TakeEvidence(row, y);
  TakePractice(row, y);
  TakeGuard(row, y);
  TakeEarlier(row, y);
  TakeAnchor(row, y);
  const double answer = row.values[static_cast<std::size_t>(row.live->champion)];
  drift_.OnRow(row.features, answer, SquaredError(answer, y));
  Decide(row.outcome_time);
}

bool ImprovementLoop::champion_is_current(const PendingRow& row) const {
  return row.live->versions[static_cast<std::size_t>(row.live->champion)] == champion_;
}

void ImprovementLoop::TakeEvidence(const PendingRow& row, double y) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const int slot = row.live->line_current[i];
    line_eligible_[i] = slot != LiveSet::kNone && (slot != row.live->champion || row.live->frozen);
    line_losses_[i] = slot == LiveSet::kNone ? 0 : SquaredError(row.values[static_cast<std::size_t>(slot)], y);
    if (slot != LiveSet::kNone) lines_[i].AddLoss(line_losses_[i]);
  }
  line_eligible_.back() = !row.live->frozen;
  line_losses_.back() = SquaredError(row.features[static_cast<std::size_t>(persistence_column_)], y);
  championship_.Add(SquaredError(row.served, y), line_losses_, line_eligible_);
  const auto own = static_cast<std::size_t>(champion_line_);
  const int refit = row.live->line_current[own];
  if (refit != LiveSet::kNone && row.live->versions[static_cast<std::size_t>(refit)] == lines_[own].current) {
    standing_.Add(SquaredError(row.served, y), line_losses_[own]);
  }
  if (champion_is_current(row)) {
    triggers_.OnOutcome(SquaredError(row.values[static_cast<std::size_t>(row.live->champion)], y));
  }
}

void ImprovementLoop::TakePractice(const PendingRow& row, double y) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const int newer = row.live->line_current[i], replaced = row.live->line_replaced[i];
    if (newer == LiveSet::kNone || replaced == LiveSet::kNone) continue;
    const auto change = lines_[i].practice.Add(SquaredError(row.values[static_cast<std::size_t>(replaced)], y),
                                               SquaredError(row.values[static_cast<std::size_t>(newer)], y));
    if (change != PracticeLicence::Change::kNone) OnLicence(row.outcome_time, static_cast<int>(i));
  }
}

void ImprovementLoop::TakeGuard(const PendingRow& row, double y) {
  if (!watch_ || row.live->watch != watches_ || row.live->watched == LiveSet::kNone) return;
  const auto loss = [&](int slot) { return SquaredError(row.values[static_cast<std::size_t>(slot)], y); };
  ++watch_->outcomes;
  const auto harm = watch_->guard.Add(loss(row.live->watched), loss(row.live->replaced), loss(row.live->anchor));
  if (harm) OnHarm(row.outcome_time, *harm);
}

void ImprovementLoop::TakeEarlier(const PendingRow& row, double y) {
  if (!earlier_ || !champion_is_current(row)) return;
  const auto& versions = row.live->versions;
  const auto reference = std::find(versions.begin(), versions.end(), earlier_->replaced);
  if (reference == versions.end()) return;
  const auto loss = [&](std::ptrdiff_t slot) { return SquaredError(row.values[static_cast<std::size_t>(slot)], y); };
  ++earlier_->outcomes;
  const auto harm =
      earlier_->guard.Add(loss(row.live->champion), loss(reference - versions.begin()), loss(row.live->anchor));
  if (!harm) return;
  const Watch earlier = *earlier_;
  TakeBackChampion(row.outcome_time, earlier.replaced, earlier.anchor_before,
                   "the versions since the last one that was proven harmless are worse than it", harm->judgement);
}

void ImprovementLoop::TakeAnchor(const PendingRow& row, double y) {
  if (mode_ == LoopMode::kUnchecked || champion_ == anchor_ || !champion_is_current(row)) return;
  const auto anchor = static_cast<std::size_t>(row.live->anchor);
  if (row.live->versions[anchor] != anchor_) return;
  const auto harm = anchor_guard_.Add(SquaredError(row.values[static_cast<std::size_t>(row.live->champion)], y),
                                      SquaredError(row.values[anchor], y));
  if (!harm) return;
  const VersionPointer to = anchor_;
  TakeBackChampion(row.outcome_time, to, nullptr,
                   "the versions since the anchor, taken together, are worse than it by more than the margin", *harm);
}

void ImprovementLoop::Decide(Time now) {
  if (earlier_ && !rollout_ && earlier_->outcomes >= policy_.rollout.watch_rows) {
    earlier_.reset();
    RebuildLiveSet();
  }
  if (watch_ && watch_->promoted && watch_->outcomes >= policy_.rollout.watch_rows) {
    watch_.reset();
    rollbacks_in_a_row_ = 0;
    RebuildLiveSet();
  }
  if (const auto event = drift_.Check(now, champion_->name)) {
    for (const DriftEvent& found : event->events) services_.journal->OnDrift(found);
    triggers_.OnDrift(event->worst);
  }
  const bool may_release = mode_ == LoopMode::kChecked && !needs_person_ && arms_.empty();
  if (may_release && !rollout_) JudgeStanding(now);
  if (may_release && !rollout_) JudgeChampionship(now);
  if (job_running_ || rollout_) return;
  if (const auto trigger = triggers_.Check(static_cast<std::int64_t>(history_.rows()))) StartJob(now, *trigger);
}

}  // namespace hone
