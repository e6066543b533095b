#include "engine/live_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <optional>

#include "base/edit_distance.h"
#include "base/log.h"
#include "base/random.h"
#include "engine/model_performance.h"
#include "engine/posted_bars.h"
#include "engine/registered_model.h"

namespace hone {
namespace {

// Predictions taken from the rings in one turn: bounds the transaction.
constexpr std::size_t kMostDrained = 20'000;
// How long a turn waits for tasks; rings are looked at that often. Short turns store half-filled pages again and again,
// a longer one is what a kill -9 can take of the answers that no outcome has been acknowledged for.
constexpr Duration kTurn = 20 * kMillisecond;

}  // namespace

Result<std::unique_ptr<LiveEngine>> LiveEngine::Open(const LiveOptions& options, const Clock& clock) {
  HONE_RETURN_IF_ERROR(EnsureFolder(options.folder));
  HONE_ASSIGN_OR_RETURN(FileLock lock, FileLock::Acquire(options.folder / "lock"));
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<LiveStore> store, LiveStore::Open(options.folder, false, options.vfs));
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Database> latest,
                        Database::Open(options.folder / "hone.db", {.read_only = true, .vfs = options.vfs}));
  std::unique_ptr<LiveEngine> engine(
      new LiveEngine(options, clock, std::move(lock), std::move(store), std::move(latest)));
  HONE_RETURN_IF_ERROR(engine->LoadModels());
  for (const auto& [name, model] : engine->models_) engine->figures_[name];
  for (const std::string& name : options.policy.performance.intervals.models) {
    if (!engine->models_.contains(name)) {
      LogWarning("intervals are asked for a model that hone does not train", {{"model", name}});
    }
  }
  engine->ShowCounts();
  if (const Status measured = engine->RefreshPerformance(); !measured.ok()) {
    LogError("champions could not be measured", {{"error", measured.error().ToString()}});  // they can still answer
  }
  engine->RestoreFeatures();
  return engine;
}

LiveEngine::LiveEngine(LiveOptions options, const Clock& clock, FileLock lock, std::unique_ptr<LiveStore> store,
                       std::unique_ptr<Database> latest)
    : options_(std::move(options)),
      clock_(&clock),
      lock_(std::move(lock)),
      store_(std::move(store)),
      features_(*store_->database, options_.feature_entities),
      latest_(std::make_unique<LatestCache>(std::move(latest), options_.feature_entities)),
      act_ids_(Random::Stream(options_.seed, "acts on registered models").Next()),
      splits_(*store_, options_.policy.rollout) {
  for (int i = 0; i < options_.io_threads; ++i) rings_.push_back(std::make_unique<PredictionRing>(options_.ring_size));
}

LiveEngine::~LiveEngine() = default;

// All models or none: what is there stays until every one is restored.
Status LiveEngine::LoadModels() {
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store_->versions.Models());
  std::map<std::string, std::unique_ptr<LiveModel>> restored;
  std::set<std::string> registered;
  for (const auto& [name, model] : models_) model->training().Kill();
  for (const std::string& name : names) {
    HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> definition, store_->definitions.Find(name));
    if (definition) WarnOfFeatures(*store_->database, definition->model);
    if (!definition || AnswersClasses(definition->model)) {
      registered.insert(name);
      continue;
    }
    HONE_ASSIGN_OR_RETURN(restored[name],
                          LiveModel::Restore(*store_, name, options_.policy, options_.seed, options_.program));
  }
  models_ = std::move(restored);
  registered_ = std::move(registered);
  published_.clear();
  followed_.clear();
  splits_.Clear();
  HONE_RETURN_IF_ERROR(FollowSplits());
  stale_ = false;
  return OkStatus();
}

void LiveEngine::Submit(Work work, Reply reply) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back({std::move(work), std::move(reply)});
  }
  wake_.notify_one();
}

void LiveEngine::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
}

void LiveEngine::ConnectReaders(SnapshotTable::Post post) {
  table_ = std::make_unique<SnapshotTable>(options_.io_threads, std::move(post));
  PublishSnapshots();
}

void LiveEngine::Run() {
  const auto stopping = [this] {
    const std::lock_guard lock(mutex_);
    return stopping_;
  };
  while (!stopping()) Turn(kTurn);
  do {
    Turn(0);  // what came while stopping
  } while (healthy() && !RingsEmpty());
  for (auto& [name, model] : models_) model->training().Kill();
}

std::vector<LiveEngine::Task> LiveEngine::WaitForTasks(Duration wait) {
  std::unique_lock lock(mutex_);
  if (wait > 0) {
    wake_.wait_for(lock, std::chrono::nanoseconds(wait), [this] { return stopping_ || !tasks_.empty(); });
  }
  std::vector<Task> taken(std::make_move_iterator(tasks_.begin()), std::make_move_iterator(tasks_.end()));
  tasks_.clear();
  return taken;
}

void LiveEngine::Turn(Duration wait) {
  std::vector<Task> tasks = WaitForTasks(wait);
  std::vector<Answer> answers;
  const Status stored = TakeTurn(tasks, answers);
  if (!stored.ok()) {
    LogError("a turn could not be stored", {{"error", stored.error().ToString()}});
    for (Answer& answer : answers) answer.result = stored.error();
    for (Task& task : tasks) {
      if (task.reply) answers.push_back({std::move(task.reply), stored.error()});
    }
    Recover(stored.error());
  } else {
    healthy_ = true;
    AfterCommit();
  }
  for (Answer& answer : answers) {
    if (answer.reply) answer.reply(std::move(answer.result));
  }
}

// Everything that came, in one transaction. `answers` are valid only after it has returned ok.
Status LiveEngine::TakeTurn(std::vector<Task>& tasks, std::vector<Answer>& answers) {
  if (stale_) HONE_RETURN_IF_ERROR(LoadModels());
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*store_->database));
  HONE_RETURN_IF_ERROR(DrainRings());
  RunTasks(tasks, answers);
  if (stale_) return Error{ErrorCode::kInternal, "bars could not be taken whole; the turn is taken back"};
  HONE_RETURN_IF_ERROR(ActOnSplits());
  HONE_RETURN_IF_ERROR(LookAtAbTests());
  HONE_RETURN_IF_ERROR(PollModels());
  HONE_RETURN_IF_ERROR(FollowSplits());
  HONE_RETURN_IF_ERROR(transaction.Commit());
  predictions_stored_ += static_cast<std::int64_t>(answered_count_);
  drained_count_ = answered_count_ = 0;
  return OkStatus();
}

// What the I/O threads answered since the last turn. Rows stay in drained_ until they are committed.
Status LiveEngine::DrainRings() {
  for (const auto& ring : rings_) {
    while (drained_count_ < kMostDrained) {
      if (drained_count_ == drained_.size()) drained_.emplace_back();
      if (!ring->TakeInto(drained_[drained_count_])) break;
      ++drained_count_;
    }
  }
  const std::span<Prediction> drained(drained_.data(), drained_count_);
  if (drained.empty()) return OkStatus();
  const auto by_id = [](const Prediction& a, const Prediction& b) { return a.id < b.id; };
  if (!std::is_sorted(drained.begin(), drained.end(), by_id)) std::stable_sort(drained.begin(), drained.end(), by_id);
  HONE_RETURN_IF_ERROR(CountSplits(drained));
  const auto answered = [](const Prediction& prediction) { return prediction.assignment.answered; };
  if (!std::ranges::all_of(drained, answered)) std::stable_partition(drained.begin(), drained.end(), answered);
  answered_count_ = static_cast<std::size_t>(std::ranges::count_if(drained, answered));
  const std::span<const Prediction> rows = drained.first(answered_count_);
  HONE_RETURN_IF_ERROR(store_->predictions.Append(rows));
  for (const Prediction& prediction : rows) {
    if (const auto found = models_.find(prediction.model); found != models_.end()) {
      found->second->OnPrediction(prediction);
    }
  }
  return OkStatus();
}

void LiveEngine::RunTasks(std::vector<Task>& tasks, std::vector<Answer>& answers) {
  for (Task& task : tasks) {
    Result<std::string> result = Error{ErrorCode::kInternal, "not run"};
    {
      auto savepoint = Transaction::Begin(*store_->database);
      if (savepoint.ok()) {
        result = task.work(*this);
        if (result.ok()) {
          if (const Status kept = savepoint->Commit(); !kept.ok()) result = kept.error();
        }
      } else {
        result = savepoint.error();
      }
    }
    answers.push_back({std::move(task.reply), std::move(result)});
  }
}

Status LiveEngine::PollModels() {
  const Time at = now();
  for (auto& [name, model] : models_) {
    HONE_RETURN_IF_ERROR(model->Poll(at));
    HONE_RETURN_IF_ERROR(model->Checkpoint(false));
  }
  return OkStatus();
}

void LiveEngine::AfterCommit() {
  for (auto& [name, model] : models_) {
    model->training().Launch();
    if (LiveIntervals* intervals = model->intervals()) intervals->Publish();
  }
  ShowFeatures();
  ShowCounts();
  PublishSnapshots();
  if (after_turn_) after_turn_(*this);
}

void LiveEngine::ShowCounts() {
  for (auto& [name, figures] : figures_) {
    const auto model = models_.find(name);
    if (model == models_.end()) continue;
    const ImprovementLoop::Counts& counts = model->second->loop().counts();
    figures.retrainings = counts.retrains;
    figures.promotions = counts.promotions;
    figures.rollbacks = counts.rollbacks;
    const LiveIntervals* intervals = model->second->intervals();
    if (intervals == nullptr) continue;
    figures.intervals_judged = intervals->judged();
    figures.intervals_held = intervals->held();
    figures.interval_coverage = intervals->coverage();
  }
}

// The transaction is taken back but loops have moved on: they are restored from what is stored. Predictions that were
// answered wait in drained_ for a turn that can be stored.
void LiveEngine::Recover(const Error& error) {
  healthy_ = false;
  stale_ = true;
  renewed_.clear();
  if (const Status loaded = LoadModels(); !loaded.ok()) {
    LogError("models could not be restored", {{"error", loaded.error().ToString()}, {"after", error.message}});
  }
  PublishSnapshots();
}

bool LiveEngine::RingsEmpty() const {
  return std::all_of(rings_.begin(), rings_.end(), [](const auto& ring) { return ring->size() == 0; });
}

void LiveEngine::PublishSnapshots() {
  if (!table_) return;
  bool changed = false;
  SnapshotSet set = table_->published();
  for (const auto& [name, model] : models_) {
    const std::int64_t number = model->loop().routing_number();
    if (const auto last = published_.find(name); last != published_.end() && last->second == number) continue;
    const Result<SnapshotPointer> snapshot = model->MakeSnapshot();
    if (!snapshot.ok()) continue;
    set = set.With(*snapshot);
    published_[name] = number;
    changed = true;
  }
  for (const std::string& name : registered_) {
    if (!published_.try_emplace(name, 0).second) continue;
    const Result<SnapshotPointer> snapshot = RegisteredSnapshot(*store_, name);
    if (!snapshot.ok()) {
      LogWarning("a registered model is not served", {{"model", name}, {"error", snapshot.error().message}});
      continue;
    }
    set = set.With(*snapshot);
    changed = true;
  }
  if (changed) {
    table_->Publish(std::move(set));
  } else {
    table_->Collect();
  }
}

Result<LiveModel*> LiveEngine::FindModel(const std::string& name) {
  if (const auto found = models_.find(name); found != models_.end()) return found->second.get();
  if (registered_.contains(name)) {
    return Error{ErrorCode::kConflict,
                 name + " has no loop, its versions come from files or answer classes: it is served as it stands"};
  }
  std::vector<std::string> names;
  for (const auto& [known, model] : models_) names.push_back(known);
  return Error{ErrorCode::kNotFound, fmt::format("there is no model {}{}", name, DidYouMean(name, names))};
}

Result<LiveEngine::OutcomeTaken> LiveEngine::AddOutcome(const Id& prediction, double value) {
  HONE_ASSIGN_OR_RETURN(const std::optional<Prediction> asked, store_->predictions.Find(prediction));
  if (!asked) {
    return Error{ErrorCode::kNotFound, "there is no prediction " + prediction.ToString(), "", 0, "prediction_id"};
  }
  const Outcome outcome{prediction, value, std::max(now(), asked->time)};
  HONE_ASSIGN_OR_RETURN(const OutcomeCounts counts, store_->outcomes.Append(std::span(&outcome, 1)));
  if (counts.stored == 0) return OutcomeTaken{true};
  ++outcomes_stored_;
  if (const auto found = models_.find(asked->model); found != models_.end()) found->second->OnOutcome(outcome, now());
  return OutcomeTaken{false};
}

Result<LiveEngine::BarsTaken> LiveEngine::AddBars(const std::string& instrument, const std::vector<Bar>& bars) {
  std::vector<LiveModel*> driven;
  for (const auto& [name, model] : models_) {
    if (model->definition().instrument == instrument) driven.push_back(model.get());
  }
  HONE_ASSIGN_OR_RETURN(const RegisteredFeatures* registered, features_.Registered());
  const bool stored = !registered->all().empty();
  if (driven.empty() && !stored) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("no model is driven by bars of {}, and no feature is registered", instrument), "", 0,
                 "instrument"};
  }
  HONE_RETURN_IF_ERROR(CheckPostedBars(bars));
  BarsTaken taken;
  if (bars.empty()) return taken;
  if (driven.empty()) {
    HONE_RETURN_IF_ERROR(StoreFeatures(instrument, bars, nullptr, taken));
    taken.bars = static_cast<int>(bars.size());
    return taken;
  }
  HONE_ASSIGN_OR_RETURN(const std::vector<Bar> newest, store_->bars.Newest(instrument, 1));
  if (!newest.empty() && bars[0].open_time <= newest[0].open_time) {
    return Error{ErrorCode::kConflict, "bar 0: is not later than the newest bar, " + FormatTime(newest[0].open_time),
                 "", 0, "open_time"};
  }
  // From here on an error leaves feeds and loops ahead of the store: they are then restored before the next turn.
  stale_ = true;
  HONE_RETURN_IF_ERROR(FeedModels(instrument, bars, driven, taken));
  if (stored) HONE_RETURN_IF_ERROR(StoreFeatures(instrument, bars, driven.front(), taken));
  stale_ = false;
  return taken;
}

Status LiveEngine::FeedModels(const std::string& instrument, const std::vector<Bar>& bars,
                              const std::vector<LiveModel*>& driven, BarsTaken& taken) {
  for (const Bar& bar : bars) {
    HONE_RETURN_IF_ERROR(store_->bars.Append(instrument, bar));
    for (LiveModel* model : driven) {
      HONE_RETURN_IF_ERROR(FollowSplit(model->name()));
      HONE_ASSIGN_OR_RETURN(LiveModel::BarStep step, model->OnBar(bar));
      if (step.outcome) {
        HONE_RETURN_IF_ERROR(store_->outcomes.Append(std::span(&*step.outcome, 1)));
        ++outcomes_stored_;
        ++taken.outcomes;
        model->OnOutcome(*step.outcome, std::max(now(), bar.known_at));
      }
      if (step.prediction) {
        HONE_RETURN_IF_ERROR(store_->predictions.Append(std::span(&*step.prediction, 1)));
        ++predictions_stored_;
        HONE_RETURN_IF_ERROR(splits_.Take(*step.prediction));
        model->OnPrediction(*step.prediction);
        taken.predictions.push_back(std::move(*step.prediction));
      }
      HONE_RETURN_IF_ERROR(model->Poll(now()));
    }
    ++taken.bars;
  }
  return OkStatus();
}

Result<OnlineFeatures::Taken> LiveEngine::TakeFeatures(const std::string& instrument, const std::vector<Bar>& bars,
                                                       const LiveModel* driven) {
  HONE_ASSIGN_OR_RETURN(Transaction savepoint, Transaction::Begin(*store_->database));
  HONE_ASSIGN_OR_RETURN(const PostedSeries posted, SeriesOfPosted(*store_->database, instrument, bars,
                                                                  driven != nullptr ? &driven->definition() : nullptr));
  HONE_ASSIGN_OR_RETURN(const OnlineFeatures::Taken stored, features_.Take(posted.series, now(), posted.told));
  HONE_RETURN_IF_ERROR(savepoint.Commit());
  return stored;
}

// What the feature store refuses keeps no model from its bars: it is told instead.
Status LiveEngine::StoreFeatures(const std::string& instrument, const std::vector<Bar>& bars, const LiveModel* driven,
                                 BarsTaken& taken) {
  const Result<OnlineFeatures::Taken> stored = TakeFeatures(instrument, bars, driven);
  if (stored.ok()) {
    taken.feature_values = stored->written.values;
    renewed_.insert(instrument);
    return OkStatus();
  }
  const ErrorCode code = stored.error().code;
  const bool refused =
      code == ErrorCode::kInvalidArgument || code == ErrorCode::kInvalidData || code == ErrorCode::kConflict;
  if (driven == nullptr || !refused) {
    Error error = stored.error();  // the bars have their shape; what they say does not fit
    if (refused) error.code = ErrorCode::kInvalidData;
    return error;
  }
  taken.features_refused = stored.error().ToString();
  LogWarning("the feature store refuses bars", {{"instrument", instrument}, {"error", taken.features_refused}});
  return OkStatus();
}

// What is on the disk now is what readers are told from memory, and what is shared.
void LiveEngine::ShowFeatures() {
  for (const std::string& instrument : renewed_) {
    const Result<LatestCache::Values> values = latest_->Load(instrument);
    if (values.ok() && options_.shared_features != nullptr) options_.shared_features->Offer(*values);
  }
  renewed_.clear();
}

void LiveEngine::RestoreFeatures() {
  const auto restored = latest_->Restore();
  if (!restored.ok()) {
    return LogWarning("newest values of features are read as they are asked for",
                      {{"error", restored.error().ToString()}});
  }
  if (options_.shared_features == nullptr) return;
  for (const LatestCache::Values& values : *restored) options_.shared_features->Offer(values);
}

Status LiveEngine::RefreshPerformance() {
  for (auto& [name, figures] : figures_) {
    const auto model = models_.find(name);
    if (model == models_.end()) continue;
    HONE_ASSIGN_OR_RETURN(const auto champion, ReadChampionPerformance(*store_, model->second->definition(),
                                                                       options_.policy.performance, now()));
    const PerformanceReport report = champion ? champion->report : PerformanceReport();
    const bool measured = report.rows > 0;
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    figures.rows = report.rows;
    figures.rmse = measured ? report.rmse : kNone;
    figures.rmse_low = measured ? report.rmse_interval.low : kNone;
    figures.rmse_high = measured ? report.rmse_interval.high : kNone;
  }
  return OkStatus();
}

Status LiveEngine::RequestRetraining(const std::string& model) {
  HONE_ASSIGN_OR_RETURN(LiveModel * found, FindModel(model));
  found->loop().RequestRetraining();
  return found->Checkpoint(true);  // no decision yet, and acknowledged
}

Status LiveEngine::RollBack(const std::string& model, const std::string& version) {
  if (registered_.contains(model)) {
    published_.erase(model);
    return RollBackRegistered(*store_, act_ids_, now(), model, version);
  }
  HONE_ASSIGN_OR_RETURN(LiveModel * found, FindModel(model));
  std::string target = version;
  if (target.empty()) {
    HONE_ASSIGN_OR_RETURN(const auto record, store_->versions.RollbackTarget(model));
    if (!record) return Error{ErrorCode::kConflict, model + " has no retired version to roll back to"};
    target = record->number.ToString();
  }
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, store_->versions.Get(model, target));
  if (record.stage != Stage::kRetired) {
    return Error{ErrorCode::kConflict, fmt::format("{} {} is {}; only a retired version can be rolled back to", model,
                                                   target, StageName(record.stage))};
  }
  return found->ActivateByHand(now(), DecisionKind::kRollBack, target, "an operator rolled back to " + target);
}

Status LiveEngine::PromoteWinner(const std::string& model, const std::string& version) {
  HONE_ASSIGN_OR_RETURN(const std::optional<AbTest> test, store_->ab_tests.Running(model));
  if (!test) return Promote(model, version);
  HONE_ASSIGN_OR_RETURN(const std::vector<SplitRecord> splits, store_->splits.OfExperiment(model, test->id.ToString()));
  for (const SplitFinding& finding : splits.empty() ? std::vector<SplitFinding>() : FindingsOf(splits.back())) {
    if (finding.guardrail && finding.version != version) continue;
    return Error{ErrorCode::kConflict,
                 fmt::format("{} cannot win the A/B test of {}: {}; to make it active all the same, promote it by "
                             "/models/{}/promote",
                             version, model, finding.reason, model)};
  }
  return Promote(model, version);
}

Result<VersionRecord> LiveEngine::Register(const ModelFileVersion& version, const FileContent& content, bool activate) {
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, RegisterVersion(*store_, act_ids_, version, content, activate));
  registered_.insert(version.model);
  published_.erase(version.model);
  return record;
}

Status LiveEngine::ActOnRollout(const std::string& model, RolloutAct act, const OperatorWord& word) {
  HONE_ASSIGN_OR_RETURN(LiveModel * found, FindModel(model));
  return found->loop().ActOnRollout(now(), act, word);
}

Status LiveEngine::Promote(const std::string& model, const std::string& version) {
  if (registered_.contains(model)) {
    published_.erase(model);
    return PromoteRegistered(*store_, act_ids_, now(), model, version);
  }
  HONE_ASSIGN_OR_RETURN(LiveModel * found, FindModel(model));
  HONE_ASSIGN_OR_RETURN(const VersionRecord record, store_->versions.Get(model, version));
  if (!record.validated || IsFinished(record.stage)) {
    return Error{ErrorCode::kConflict,
                 fmt::format("{} {} is {}{} and cannot be promoted", model, version, StageName(record.stage),
                             record.validated ? "" : ", not validated,")};
  }
  return found->ActivateByHand(now(), DecisionKind::kPromote, version, "an operator promoted " + version);
}

}  // namespace hone
