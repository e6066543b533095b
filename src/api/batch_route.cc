#include "api/batch_route.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "api/log_retry.h"
#include "api/prediction_json.h"
#include "api/served_model.h"
#include "api/votes_json.h"
#include "base/random.h"
#include "wire/http_problem.h"

namespace hone {
namespace {

constexpr std::size_t kSpareBytes = std::size_t{16} << 20;

template <typename Write>
void WriteColumn(const char* key, const PredictionBatch& batch, JsonWriter& json, const Write& write) {
  json.Key(key).BeginList();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch.answered(i)) {
      write(i);
    } else {
      json.Null();
    }
  }
  json.EndList();
}

void WriteRoutes(const PredictionBatch& batch, JsonWriter& json) {
  WriteColumn("versions", batch, json, [&](std::size_t i) { json.Value(*batch.route(i).version); });
  WriteColumn("roles", batch, json, [&](std::size_t i) { json.Value(RoleName(batch.route(i).role)); });
  WriteColumn("propensities", batch, json, [&](std::size_t i) { json.Value(batch.route(i).propensity); });
}

std::string BatchJson(const PredictionBatch& batch) {
  JsonWriter json;
  const std::string* version = batch.version();
  json.BeginMap().Member("model", batch.snapshot().model()).Member("time", FormatTime(batch.time()));
  json.Member("rows", batch.size());
  json.Key("version").Value(version != nullptr ? std::optional<std::string>(*version) : std::nullopt);
  WriteColumn("prediction_ids", batch, json, [&](std::size_t i) { json.Value(batch.ids()[i].ToString()); });
  WriteColumn("values", batch, json, [&](std::size_t i) { WriteAnswer(batch.answer(i), json); });
  if (version == nullptr) WriteRoutes(batch, json);
  WriteVoteColumns(batch, json);
  json.EndMap();
  return json.Take();
}

Error Overloaded() { return {ErrorCode::kUnavailable, "predictions come faster than they can be stored; try again"}; }

}  // namespace

BatchRoute::BatchRoute(LiveEngine& engine, MetricFamily<Counter>& predictions, PredictionFeed& feed, const Clock& clock,
                       int io_threads, std::uint64_t seed)
    : engine_(&engine), predictions_(&predictions), feed_(&feed), clock_(&clock) {
  for (int i = 0; i < io_threads; ++i) {
    const std::uint64_t lane_seed = Random::Stream(seed, fmt::format("batches on io thread {}", i)).Next();
    lanes_.push_back(std::make_unique<Lane>(clock, lane_seed));
  }
}

void BatchRoute::Handle(const HttpRequest& request, const Answer& answer) {
  if (engine_->ring(request.io_thread).Admit(clock_->Now()) == RingState::kOverload) return answer.Send(Overloaded());
  Lane& mine = lane(request.io_thread);
  auto batch = mine.spare ? std::move(mine.spare) : std::make_unique<PredictionBatch>();
  const Status predicted = Predict(request, *batch);
  mine.reader.Shrink();
  if (!predicted.ok()) return answer.Send(predicted.error());
  Log(std::make_shared<Call>(Call{request.io_thread, std::move(batch), answer, clock_->Now(), kFirstRetry}));
}

Status BatchRoute::Predict(const HttpRequest& request, PredictionBatch& batch) {
  Lane& mine = lane(request.io_thread);
  HONE_ASSIGN_OR_RETURN(const BatchRequest read, mine.reader.Read(request.body));
  HONE_ASSIGN_OR_RETURN(SnapshotPointer snapshot,
                        FindServedModel(*engine_->snapshots(request.io_thread), read.model, kPath));
  batch.Begin(std::move(snapshot), read.rows);
  HONE_RETURN_IF_ERROR(mine.reader.Fill(batch.snapshot(), batch.rows()));
  mine.predictor.Predict(batch, read.key);
  return OkStatus();
}

void BatchRoute::Log(std::shared_ptr<Call> call) {
  const RingState state = lane(call->io_thread).predictor.Log(*call->batch, engine_->ring(call->io_thread));
  if (state == RingState::kRoom) return Finish(*call);
  const bool begun = std::ranges::any_of(call->batch->ids(), [](const Id& id) { return id != Id{}; });
  const bool late = clock_->Now() - call->begun > kLongestWait;
  if (late || (state == RingState::kOverload && !begun)) return call->answer.Send(Overloaded());
  const int io_thread = call->io_thread;
  const Duration delay = call->delay;
  call->delay = std::min(2 * delay, kLongestRetry);
  server_->PostAfter(io_thread, delay, [this, call = std::move(call)] { Log(call); });
}

void BatchRoute::Finish(Call& call) {
  const PredictionBatch& batch = *call.batch;
  std::uint64_t answered = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) answered += batch.answered(i) ? 1U : 0U;
  predictions_->With({batch.snapshot().model()}).Add(answered);
  SetModel(call.answer.span(), batch);
  call.answer.Send(JsonResponse(BatchJson(batch)));
  feed_->Tell(batch);
  Lane& mine = lane(call.io_thread);
  call.batch->End();
  if (batch.capacity_bytes() <= kSpareBytes) mine.spare = std::move(call.batch);
}

}  // namespace hone
