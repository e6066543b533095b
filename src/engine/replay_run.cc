#include "engine/replay_run.h"

#include "engine/answer.h"
#include "engine/bar_feed.h"

namespace hone {

void ReplayJournal::OnVersion(const TrainedVersion& version) {
  VersionRecord record;
  record.model = loop_->model().name;
  record.number = version.number;
  record.change = version.change;
  record.parent = version.parent;
  record.recipe = loop_->recipes()[static_cast<std::size_t>(version.recipe)].name;
  record.train_begin = loop_->history().time[version.begin];
  record.train_end = loop_->history().label_time[version.end - 1];
  record.train_rows = static_cast<std::int64_t>(version.end - version.begin);
  record.seed = version.seed;
  record.created = version.created;
  result_.versions.push_back(std::move(record));
}

void ReplayJournal::OnStage(const TrainedVersion& version, Stage stage) {
  for (auto record = result_.versions.rbegin(); record != result_.versions.rend(); ++record) {
    if (record->number != version.number) continue;
    record->stage = stage;
    record->validated = record->validated || stage == Stage::kActive;
    return;
  }
}

ReplayRun::ReplayRun(ReplayGround& ground, LoopMode mode, ReplayResult& result)
    : ground_(ground),
      mode_(mode),
      result_(result),
      journal_(result, loop_pointer_),
      recipes_(CompetingRecipes(ground.options.model)),
      training_(recipes_, ground.cache, ground.sabotage),
      ids_(Random::Stream(ground.options.seed, "prediction ids").Next()),
      router_(Random::Stream(ground.options.seed, "router")) {
  ImprovementLoop::Services services{&training_, &journal_, nullptr};
  if (ground.options.truth != nullptr) {
    truth_.emplace(*ground.options.truth, ground.options.model);
    services.truth = &*truth_;
  }
  loop_.emplace(ground.options.model, ground.options.policy, ground.options.seed, services, mode);
  loop_pointer_ = &*loop_;
  loop_->set_initial_rows(ground.initial_rows);
  loop_->set_bar_size(ground.series.bar_size);
}

Status ReplayRun::Run() {
  HONE_ASSIGN_OR_RETURN(BarFeed feed, BarFeed::Make(ground_.options.model, TraitsOf(ground_.series)));
  for (const Bar& bar : ground_.series.bars) {
    const BarFeed::Step step = feed.Update(bar);
    if (step.label) Mature(bar.known_at, *step.label);
    if (!loop_->serving()) loop_->MaybeBegin(bar.known_at);
    if (step.ready && asked_ < ground_.data.rows()) Ask(bar, step.features);
  }
  if (!loop_->serving()) return FirstVersionFailed();
  return OkStatus();
}

Error ReplayRun::FirstVersionFailed() const {
  const std::string why = result_.decisions.empty() ? "" : ": " + result_.decisions.back().reason;
  return Error{ErrorCode::kInternal, "no recipe could be trained" + why, ground_.series.source};
}

// The label of the oldest row without one.
void ReplayRun::Mature(Time now, double label) {
  const std::size_t row = matured_++;
  if (row < ground_.first) {
    loop_->AddHistory(ground_.data.time[row], now, ground_.data.row(row), label);
    return;
  }
  const Outcome outcome{result_.predictions[row - ground_.first].id, label, now};
  result_.outcomes.push_back(outcome);
  result_.rows[row - ground_.first].outcome = label;
  loop_->OnOutcome(outcome);
  loop_->Poll(now);
}

void ReplayRun::Ask(const Bar& bar, std::span<const double> features) {
  const std::size_t row = asked_++;
  if (row < ground_.first) return;
  result_.predictions.push_back(AnswerRow(*loop_, bar.known_at, features, ids_, router_));
  const Prediction& answered = result_.predictions.back();
  result_.rows.push_back({bar.known_at, bar.close, answered.value, 0, answered.version});
  loop_->OnServed(answered);
  loop_->Poll(bar.known_at);
  if (mode_ == LoopMode::kChecked && ground_.options.progress) {
    ground_.options.progress(result_.predictions.size(), ground_.data.rows() - ground_.first, result_.decisions);
  }
}

}  // namespace hone
