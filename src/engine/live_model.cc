#include "engine/live_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "engine/ab_test_evidence.h"
#include "engine/answer.h"
#include "engine/replay_tail.h"
#include "engine/traffic_split.h"
#include "registry/model_artifacts.h"
#include "registry/version_number.h"
#include "serving/router.h"

namespace hone {
namespace {

constexpr int kFewestInitialRows = 120;
constexpr std::int64_t kMostTail = 1'000'000;

Result<std::size_t> SavedRows(const std::string& state) {
  const auto json = nlohmann::json::parse(state, nullptr, false);
  if (!json.is_object() || !json.contains("history_rows")) {
    return Error{ErrorCode::kCorrupt, "the checkpoint is damaged: history_rows is missing"};
  }
  return json.at("history_rows").get<std::size_t>();
}

}  // namespace

Result<std::unique_ptr<LiveModel>> LiveModel::Restore(LiveStore& store, const std::string& name, const Policy& policy,
                                                      std::uint64_t seed, const std::string& program) {
  HONE_ASSIGN_OR_RETURN(StoredDefinition definition, store.definitions.Get(name));
  std::unique_ptr<LiveModel> model(new LiveModel(store, std::move(definition), policy, seed, program));
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*store.database));
  HONE_RETURN_IF_ERROR(store.jobs.FailRunning(name, "the server was stopped before it ended"));
  HONE_RETURN_IF_ERROR(model->RestoreLoop());
  HONE_RETURN_IF_ERROR(model->RestoreAbTest());
  HONE_RETURN_IF_ERROR(model->RestoreFeed());
  HONE_RETURN_IF_ERROR(model->RestoreIntervals());
  HONE_RETURN_IF_ERROR(model->ReplayTail());
  if (model->intervals_) HONE_RETURN_IF_ERROR(model->intervals_->Flush());
  HONE_RETURN_IF_ERROR(model->journal_.Flush());
  HONE_RETURN_IF_ERROR(model->training_.TakeError());
  HONE_RETURN_IF_ERROR(model->Checkpoint(true));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  model->training_.Launch();
  return model;
}

LiveModel::LiveModel(LiveStore& store, StoredDefinition definition, const Policy& policy, std::uint64_t seed,
                     const std::string& program)
    : store_(&store),
      definition_(std::move(definition)),
      policy_(policy),
      recipes_(CompetingRecipes(definition_.model)),
      training_(store, definition_.model.name, recipes_, definition_.model.features.size(), program),
      journal_(store, definition_, recipes_),
      feed_ids_(Random::Stream(seed, "feed " + definition_.model.name).Next()),
      act_ids_(Random::Stream(seed, "acts on " + definition_.model.name).Next()),
      router_(Random::Stream(seed, "router " + definition_.model.name)) {
  loop_.emplace(definition_.model, policy_, seed, ImprovementLoop::Services{&training_, &journal_, nullptr});
  loop_->set_bar_size(definition_.bar_size);
  journal_.SetHistory(&loop_->history());
}

int LiveModel::RecipeIndex(const std::string& name) const {
  for (std::size_t i = 0; i < recipes_.size(); ++i) {
    if (recipes_[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

Result<VersionPointer> LiveModel::LoadVersionNamed(const std::string& version) const {
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, store_->versions.Get(name(), version));
  auto loaded = std::make_shared<TrainedVersion>();
  loaded->number = record.number;
  loaded->name = record.number.ToString();
  loaded->recipe = RecipeIndex(record.recipe);
  if (loaded->recipe < 0) {
    return Error{ErrorCode::kConflict,
                 fmt::format("version {} was made by recipe {}, which the model no longer has", version, record.recipe),
                 name()};
  }
  loaded->parent = record.parent;
  loaded->change = record.change;
  HONE_ASSIGN_OR_RETURN(loaded->model, LoadVersion(store_->artifacts, record));
  const Dataset& history = loop_->history();
  const auto position = [&](const std::vector<Time>& times, Time time) {
    return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
  };
  loaded->begin = std::min(position(history.time, record.train_begin), history.rows() - 1);
  loaded->end = std::min(position(history.label_time, record.train_end) + 1, history.rows());
  const auto labels = history.y.begin();
  const auto [low, high] = std::minmax_element(labels + static_cast<std::ptrdiff_t>(loaded->begin),
                                               labels + static_cast<std::ptrdiff_t>(loaded->end));
  loaded->range = WidenedRange(*low, *high);
  loaded->seed = record.seed;
  loaded->created = record.created;
  return VersionPointer(std::move(loaded));
}

Status LiveModel::RestoreLoop() {
  HONE_ASSIGN_OR_RETURN(const Dataset rows, store_->rows.Read(name(), definition_.model.features, SIZE_MAX));
  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> saved, store_->checkpoints.Load(LoopCheckpoint(name())));
  std::size_t count = rows.rows();
  if (saved) {
    HONE_ASSIGN_OR_RETURN(count, SavedRows(*saved));
    if (count > rows.rows()) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("the checkpoint of {} knows {} training rows, the store {}", name(), count, rows.rows()),
                   store_->database->path()};
    }
  }
  for (std::size_t i = 0; i < count; ++i) loop_->AddHistory(rows.time[i], rows.label_time[i], rows.row(i), rows.y[i]);
  if (saved) {
    return loop_->RestoreState(*saved, [this](const std::string& version) -> Result<ModelPointer> {
      HONE_ASSIGN_OR_RETURN(const VersionRecord record, store_->versions.Get(name(), version));
      return LoadVersion(store_->artifacts, record);
    });
  }
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store_->versions.Active(name()));
  if (!active || count == 0) return OkStatus();
  HONE_ASSIGN_OR_RETURN(VersionPointer incumbent, LoadVersionNamed(active->number.ToString()));
  const auto wanted = static_cast<std::size_t>(policy_.retraining.initial_rows);
  loop_->set_initial_rows(std::max<std::size_t>(kFewestInitialRows, std::min(wanted, count)));
  loop_->MaybeBegin(rows.label_time[count - 1], std::move(incumbent));
  return OkStatus();
}

// Feeds all bars again, for features without end (moving averages, a mean of all values so far) are the same to the bit
// from the same first bar alone, and lines up the predictions whose outcome will be told.
Status LiveModel::RestoreFeed() {
  if (definition_.instrument.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(feed_, BarFeed::Make(definition_.model, definition_.traits));
  HONE_ASSIGN_OR_RETURN(const std::vector<Bar> newest,
                        store_->bars.Newest(definition_.instrument, std::int64_t{definition_.model.horizon} + 1));
  if (newest.empty()) return OkStatus();
  JoinedQuery query;
  query.model = name();
  query.begin = newest.front().known_at;
  query.end = newest.back().known_at + kDay;
  query.with_outcome = false;
  HONE_ASSIGN_OR_RETURN(const std::vector<JoinedPrediction> open, store_->joined.Read(query));
  std::map<Time, Id> asked;
  for (const JoinedPrediction& row : open) asked[row.prediction.time] = row.prediction.id;
  return store_->bars.Visit(definition_.instrument, [&](const Bar& bar) {
    const BarFeed::Step step = feed_->Update(bar);
    if (step.label && !asked_.empty()) asked_.pop_front();
    if (!step.ready) return;
    const auto found = asked.find(bar.known_at);
    asked_.push_back({found == asked.end() ? Id{} : found->second, bar.known_at});
  });
}

Status LiveModel::RestoreAbTest() {
  HONE_ASSIGN_OR_RETURN(std::optional<AbTest> test, store_->ab_tests.Running(name()));
  return test ? TakeAbTest(std::move(test)) : OkStatus();
}

Status LiveModel::RestoreIntervals() {
  const IntervalPolicy& policy = policy_.performance.intervals;
  if (std::ranges::find(policy.models, name()) == policy.models.end()) return OkStatus();
  const auto is_number = [](const Recipe& recipe) { return recipe.objective == Objective::kRegression; };
  if (!std::ranges::all_of(definition_.model.recipes, is_number)) {
    LogWarning("answers carry no interval: they are probabilities", {{"model", name()}});
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(intervals_, LiveIntervals::Restore(*store_, name(), policy, kLateHorizons * horizon_time()));
  return OkStatus();
}

Status LiveModel::TakeAbTest(std::optional<AbTest> test) {
  std::vector<VersionPointer> versions;
  std::vector<ChallengerVersion> arms;
  const VersionPointer champion = loop_->routing().champion;
  for (const AbArm& arm : test ? test->arms : std::vector<AbArm>()) {
    if (champion && arm.version == champion->name) continue;
    HONE_ASSIGN_OR_RETURN(versions.emplace_back(), LoadVersionNamed(arm.version));
    arms.push_back({{arm.version, versions.back()->model}, arm.share});
  }
  HONE_RETURN_IF_ERROR(loop_->SetArms(std::move(versions)));
  ab_test_ = std::move(test);
  arms_ = std::move(arms);
  split_.reset();
  if (!ab_test_) return OkStatus();
  HONE_ASSIGN_OR_RETURN(split_, MakeSnapshot());
  return OkStatus();
}

Status LiveModel::ActivateByHand(Time now, DecisionKind kind, const std::string& version, const std::string& reason) {
  HONE_ASSIGN_OR_RETURN(const VersionPointer loaded, LoadVersionNamed(version));
  std::string shown;
  if (ab_test_) {
    HONE_ASSIGN_OR_RETURN(const auto json, AbTestEvidence(*store_, *ab_test_, now));
    shown = json.dump();
  }
  HONE_RETURN_IF_ERROR(loop_->ActivateByHand(now, kind, loaded, reason, shown));
  if (!ab_test_) return OkStatus();
  HONE_RETURN_IF_ERROR(EndAbTest(*store_, act_ids_, now, name(), "operator", reason));
  return TakeAbTest(std::nullopt);
}

// The loop made another version active.
Status LiveModel::EndOvertakenAbTest(Time now) {
  if (!ab_test_ || !loop_->arms().empty()) return OkStatus();
  const std::string because = loop_->routing().champion->name + " became active in place of one that was taken back";
  HONE_RETURN_IF_ERROR(EndAbTest(*store_, act_ids_, now, name(), "loop", because));
  return TakeAbTest(std::nullopt);
}

// A bar has no key: it is drawn by itself. A version without a finite answer leaves it to the champion.
void LiveModel::AnswerByArm(Prediction& prediction) {
  const std::size_t number = ChallengerOf(*split_, router_.Uniform());
  const Route route = RouteTo(*split_, number);
  const double value = route.model->Predict(prediction.features);
  prediction.assignment = AssignmentTo(*split_, number, {});
  prediction.assignment.failed = !std::isfinite(value);
  if (!std::isfinite(value)) return;
  prediction.version = *route.version;
  prediction.role = route.role;
  prediction.propensity = route.propensity;
  prediction.value = value;
}

// Of a bar that the loop's own routing answered.
void LiveModel::Assign(Prediction& prediction) const {
  const std::optional<SplitIdentity> split = Split();
  if (!split) return;
  prediction.assignment.split = split->tag();
  prediction.assignment.arm = prediction.role == Role::kCanary ? 1 : 0;
  prediction.assignment.failed = !std::isfinite(prediction.value);
}

// What was stored after the checkpoint goes to the loop again; outcomes not yet mature wait again.
Status LiveModel::ReplayTail() {
  JoinedQuery query;
  query.model = name();
  query.begin = loop_->last_consumed().time();
  query.end = INT64_MAX;
  query.with_outcome = false;
  query.limit = kMostTail;
  HONE_ASSIGN_OR_RETURN(const std::vector<JoinedPrediction> rows, store_->joined.Read(query));
  early_ = hone::ReplayTail(*loop_, rows, horizon_time());
  if (!intervals_ || rows.empty()) return OkStatus();
  std::multimap<Time, Outcome> mature;  // of these the intervals may not have been told
  for (const JoinedPrediction& row : rows) {
    if (!row.outcome) continue;
    const Time time = std::max(row.outcome->time, row.prediction.time + horizon_time());
    if (time <= rows.back().prediction.time) mature.emplace(time, *row.outcome);
  }
  for (const auto& [time, outcome] : mature) intervals_->OnOutcome(outcome);
  return OkStatus();
}

void LiveModel::TakeMature(const Outcome& outcome) {
  loop_->OnOutcome(outcome);
  if (intervals_) intervals_->OnOutcome(outcome);
}

void LiveModel::OnPrediction(const Prediction& prediction) {
  latest_ = std::max(latest_, prediction.time);
  loop_->OnServed(prediction);
  if (intervals_) intervals_->OnServed(prediction);
}

void LiveModel::OnOutcome(const Outcome& outcome, Time now) {
  const Time mature = std::max(outcome.time, outcome.prediction_id.time() + horizon_time());
  if (mature > now) {
    early_.emplace(mature, outcome);
    return;
  }
  latest_ = std::max(latest_, outcome.time);
  TakeMature(outcome);
}

Result<LiveModel::BarStep> LiveModel::OnBar(const Bar& bar) {
  const BarFeed::Step fed = feed_->Update(bar);
  BarStep step;
  if (fed.label && !asked_.empty()) {
    const Asked asked = asked_.front();
    asked_.pop_front();
    if (asked.id != Id{}) step.outcome = Outcome{asked.id, *fed.label, bar.known_at};
  }
  if (!fed.ready) return step;
  asked_.push_back({Id{}, bar.known_at});
  if (!loop_->serving()) return step;
  step.prediction = AnswerRow(*loop_, bar.known_at, fed.features, feed_ids_, router_);
  if (split_ && !loop_->arms().empty()) {
    AnswerByArm(*step.prediction);
  } else {
    Assign(*step.prediction);
  }
  if (intervals_) step.prediction->reach = intervals_->Reach();
  asked_.back().id = step.prediction->id;
  return step;
}

Status LiveModel::Poll(Time now) {
  while (!early_.empty() && early_.begin()->first <= now) {
    const Outcome outcome = early_.begin()->second;
    early_.erase(early_.begin());
    TakeMature(outcome);
  }
  loop_->Poll(latest_ != 0 ? latest_ : now);
  HONE_RETURN_IF_ERROR(EndOvertakenAbTest(now));
  HONE_RETURN_IF_ERROR(training_.TakeError());
  if (intervals_) HONE_RETURN_IF_ERROR(intervals_->Flush());
  return journal_.Flush();
}

Status LiveModel::Checkpoint(bool always) {
  const bool decided = journal_.decisions() != saved_decisions_ || loop_->routing_number() != saved_routing_;
  if (!always && !decided) return OkStatus();
  HONE_RETURN_IF_ERROR(store_->checkpoints.Save(LoopCheckpoint(name()), loop_->SaveState()));
  saved_decisions_ = journal_.decisions();
  saved_routing_ = loop_->routing_number();
  return OkStatus();
}

std::optional<SplitIdentity> LiveModel::Split() const {
  const ImprovementLoop::Routing routing = loop_->routing();
  if (!routing.champion) return std::nullopt;
  if (ab_test_ && !loop_->arms().empty()) return SplitOf(*ab_test_, routing.champion->name);
  if (!routing.challenger || routing.share <= 0 || routing.share >= 1) return std::nullopt;
  const std::string rest = routing.frozen ? kPersistenceVersion : routing.champion->name;
  return SplitIdentity{name(),
                       ReleaseName(routing.challenger->name, routing.started),
                       routing.step,
                       {{rest, 1 - routing.share}, {routing.challenger->name, routing.share}}};
}

Result<SnapshotPointer> LiveModel::MakeSnapshot() const {
  const ImprovementLoop::Routing routing = loop_->routing();
  if (!routing.champion) return Error{ErrorCode::kUnavailable, "no version is active", name()};
  SnapshotParts parts;
  parts.model = name();
  parts.features = definition_.model.features;
  parts.champion = {routing.champion->name, routing.champion->model};
  if (routing.challenger && routing.share > 0) {
    parts.challengers = {{{routing.challenger->name, routing.challenger->model}, routing.share}};
  }
  if (!loop_->arms().empty()) {
    parts.ab_test = true;
    parts.salt = ab_test_->salt;
    parts.challengers = arms_;
  }
  if (intervals_) parts.reach = intervals_->reach();
  if (const std::optional<SplitIdentity> split = Split()) parts.split = split->tag();
  if (routing.frozen) parts.fallback = static_cast<std::uint32_t>(PersistenceColumn(definition_.model));
  return ModelSnapshot::Make(std::move(parts));
}

}  // namespace hone
