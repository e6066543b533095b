#include "api/inference/inference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "api/inference/inference_metadata.h"
#include "api/inference/tensor_rows.h"
#include "api/log_retry.h"
#include "base/edit_distance.h"
#include "base/random.h"

namespace hone {
namespace {

constexpr std::size_t kSpareBatches = 2;
constexpr std::size_t kSpareBytes = std::size_t{16} << 20;
constexpr std::size_t kMostTallies = 64;

Error NoModel(const SnapshotSet& set, std::string_view model) {
  std::vector<std::string> names;
  for (const SnapshotPointer& snapshot : set.snapshots()) names.push_back(snapshot->model());
  const std::string shown(model.substr(0, 64));
  return {ErrorCode::kNotFound, fmt::format("there is no model {}{}; served: {}", shown, DidYouMean(shown, names),
                                            names.empty() ? "none yet" : fmt::format("{}", fmt::join(names, ", ")))};
}

Error NoVersion(const ModelSnapshot& snapshot, std::string_view version) {
  return {
      ErrorCode::kNotFound,
      fmt::format("version {} is not live; live: {}", version.substr(0, 64), fmt::join(LiveVersions(snapshot), ", ")),
      fmt::format("model {}", snapshot.model())};
}

}  // namespace

Inference::Inference(LiveEngine& engine, MetricFamily<Counter>& predictions, PredictionFeed& feed, const Clock& clock,
                     int io_threads, std::uint64_t seed)
    : engine_(&engine), predictions_(&predictions), feed_(&feed), clock_(&clock) {
  for (int i = 0; i < io_threads; ++i) {
    const std::uint64_t lane_seed = Random::Stream(seed, fmt::format("inference on io thread {}", i)).Next();
    lanes_.push_back(std::make_unique<Lane>(clock, lane_seed));
  }
}

bool Inference::IsReady(int io_thread) const {
  const SnapshotSet& set = snapshots(io_thread);
  return engine_->healthy() &&
         std::ranges::all_of(engine_->figures(), [&](const auto& model) { return set.Find(model.first) != nullptr; });
}

Result<SnapshotPointer> Inference::Find(int io_thread, std::string_view model, std::string_view version) const {
  SnapshotPointer snapshot = snapshots(io_thread).FindShared(model);
  if (snapshot == nullptr) return NoModel(snapshots(io_thread), model);
  if (!version.empty() && snapshot->FindVersion(version) == nullptr) return NoVersion(*snapshot, version);
  return snapshot;
}

std::vector<IndexedVersion> Inference::Index(int io_thread) const {
  std::vector<IndexedVersion> index;
  for (const SnapshotPointer& snapshot : snapshots(io_thread).snapshots()) {
    for (std::string& version : LiveVersions(*snapshot))
      index.push_back({snapshot->model(), std::move(version), true, ""});
  }
  for (const auto& [model, figures] : engine_->figures()) {
    if (snapshots(io_thread).Find(model) == nullptr) index.push_back({model, "", false, "no version is active"});
  }
  std::ranges::stable_sort(index, {}, &IndexedVersion::model);
  return index;
}

Result<std::vector<InferenceFigures>> Inference::Figures(int io_thread, std::string_view model,
                                                         std::string_view version) const {
  if (!model.empty()) HONE_RETURN_IF_ERROR(Find(io_thread, model, version));
  std::vector<InferenceFigures> all = statistics_.Read(model, version);
  for (IndexedVersion& live : Index(io_thread)) {
    const bool wanted =
        live.ready && (model.empty() || model == live.model) && (version.empty() || version == live.version);
    const auto same = [&](const InferenceFigures& figures) {
      return figures.model == live.model && figures.version == live.version;
    };
    if (!wanted || std::ranges::any_of(all, same)) continue;
    all.push_back({.model = std::move(live.model), .version = std::move(live.version)});
  }
  std::ranges::sort(all, {}, [](const InferenceFigures& figures) { return std::tie(figures.model, figures.version); });
  return all;
}

void Inference::Infer(int io_thread, const InferRequest& request, Done done) {
  Result<SnapshotPointer> snapshot = Find(io_thread, request.model, request.version);
  if (!snapshot.ok()) return done(snapshot.error());
  Lane& mine = lane(io_thread);
  Call call{.io_thread = io_thread, .batch = TakeBatch(mine), .begin = clock_->Now(), .done = std::move(done)};
  call.batch->Begin(*snapshot, 0);
  if (const Status status = Evaluate(mine, request, *snapshot, call); !status.ok()) {
    return Fail(call, request.version, status.error());
  }
  if (!request.log) return Answer(call);
  call.queued = clock_->Now();
  call.delay = kFirstRetry;
  Log(std::make_shared<Call>(std::move(call)));
}

Status Inference::Evaluate(Lane& lane, const InferRequest& request, const SnapshotPointer& snapshot, Call& call) {
  if (request.log && !request.version.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "only answers of versions that the router chose are logged: state no version", "", 0,
                 "parameters.log"};
  }
  HONE_ASSIGN_OR_RETURN(const std::size_t rows, CountRows(*snapshot, request.inputs));
  call.batch->Begin(snapshot, rows);
  HONE_RETURN_IF_ERROR(FillRows(*snapshot, request.inputs, call.batch->rows()));
  const Time filled = clock_->Now();
  if (request.version.empty()) {
    lane.predictor.Predict(*call.batch);
  } else {
    lane.predictor.PredictWith(*snapshot->FindVersion(request.version), *call.batch);
  }
  call.times.input = std::max<Duration>(filled - call.begin, 0);
  call.times.evaluation = std::max<Duration>(clock_->Now() - filled, 0);
  return OkStatus();
}

void Inference::Log(std::shared_ptr<Call> call) {
  Lane& mine = lane(call->io_thread);
  switch (mine.predictor.Log(*call->batch, engine_->ring(call->io_thread))) {
    case RingState::kRoom:
      call->times.queue = std::max<Duration>(clock_->Now() - call->queued, 0);
      return Answer(*call);
    case RingState::kOverload:
      return Fail(*call, "", {ErrorCode::kUnavailable, "predictions come faster than they can be stored; try again"});
    case RingState::kWait: break;
  }
  const int io_thread = call->io_thread;
  const Duration delay = call->delay;
  call->delay = std::min(2 * delay, kLongestRetry);
  server_->PostAfter(io_thread, delay, [this, call = std::move(call)] { Log(call); });
}

// Counted before it is told, so that a client that asks for the statistics next finds its own request there.
void Inference::Answer(Call& call) {
  Counted counted;
  CountAnswers(call, counted);
  const Time begin = clock_->Now();
  call.done(call.batch.get());
  const auto output = static_cast<std::uint64_t>(std::max<Duration>(clock_->Now() - begin, 0));
  for (const auto& counters : counted) {
    counters->output_time.Add(output);
    counters->success_time.Add(output);
  }
  feed_->Tell(*call.batch);
  GiveBack(lane(call.io_thread), std::move(call.batch));
}

// Counted for the stated version, else for the champion.
void Inference::Fail(Call& call, const std::string& version, Error error) {
  Lane& mine = lane(call.io_thread);
  const ModelSnapshot& snapshot = call.batch->snapshot();
  InferenceCounters& counters =
      *TallyOf(mine, snapshot.model(), version.empty() ? snapshot.champion().version : version).counters;
  counters.failures.Add();
  counters.failure_time.Add(static_cast<std::uint64_t>(std::max<Duration>(clock_->Now() - call.begin, 0)));
  call.done(std::move(error));
  GiveBack(mine, std::move(call.batch));
}

void Inference::CountAnswers(Call& call, Counted& counted) {
  const PredictionBatch& batch = *call.batch;
  if (const std::string* version = batch.version()) return CountAnswers(call, *version, batch.size(), counted);
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < batch.size(); ++i) ++rows[*batch.route(i).version];
  for (const auto& [version, count] : rows) CountAnswers(call, version, count, counted);
}

void Inference::CountAnswers(Call& call, const std::string& version, std::size_t rows, Counted& counted) {
  const Tally& tally = TallyOf(lane(call.io_thread), call.batch->snapshot().model(), version);
  const InferenceTimes& times = call.times;
  InferenceCounters& counters = *tally.counters;
  tally.predictions->Add(rows);
  counters.rows.Add(rows);
  counters.executions.Add();
  counters.successes.Add();
  counters.success_time.Add(static_cast<std::uint64_t>(times.total()));
  counters.input_time.Add(static_cast<std::uint64_t>(times.input));
  counters.evaluation_time.Add(static_cast<std::uint64_t>(times.evaluation));
  counters.queue_time.Add(static_cast<std::uint64_t>(times.queue));
  counters.last.store(call.batch->time(), std::memory_order_relaxed);
  counted.push_back(tally.counters);
}

Inference::Tally& Inference::TallyOf(Lane& lane, const std::string& model, const std::string& version) {
  for (Tally& tally : lane.tallies) {
    if (tally.model != model || tally.version != version) continue;
    if (tally.counters->passed_on) tally.counters = statistics_.Of(model, version);
    return tally;
  }
  if (lane.tallies.size() == kMostTallies) lane.tallies.clear();
  lane.tallies.push_back({model, version, statistics_.Of(model, version), &predictions_->With({model})});
  return lane.tallies.back();
}

std::unique_ptr<PredictionBatch> Inference::TakeBatch(Lane& lane) {
  if (lane.spare.empty()) return std::make_unique<PredictionBatch>();
  std::unique_ptr<PredictionBatch> batch = std::move(lane.spare.back());
  lane.spare.pop_back();
  return batch;
}

void Inference::GiveBack(Lane& lane, std::unique_ptr<PredictionBatch> batch) {
  batch->End();
  if (lane.spare.size() < kSpareBatches && batch->capacity_bytes() <= kSpareBytes)
    lane.spare.push_back(std::move(batch));
}

}  // namespace hone
