// Inference for the Open Inference Protocol, over any transport: tensors in, a batch of answers out, everything on the
// I/O thread that was asked.
//
//   inference.Infer(io_thread, request, [](Result<const PredictionBatch*> answered) { ... });
//
// Answers are kept in the log only where the request says so (parameter log): then it waits for room in the ring, and
// after the ring's patience it is refused with kUnavailable; rows that were in the ring by then stay in the log.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/inference/infer_request.h"
#include "api/inference/inference_statistics.h"
#include "api/websocket/prediction_feed.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "serving/batch_predictor.h"
#include "wire/http_server.h"
#include "wire/prometheus.h"

namespace hone {

// A version as the repository's index tells it; a model without one that is live stands there without a version.
struct IndexedVersion {
  std::string model, version;
  bool ready = false;
  std::string reason;  // why it is not
};

class Inference {
 public:
  // What came of a request; the batch is valid until the call returns. At once, or later on the same I/O thread.
  using Done = std::function<void(Result<const PredictionBatch*>)>;

  // `predictions` counts answered rows by model. All references must outlive it. `seed` as Predictor's.
  Inference(LiveEngine& engine, MetricFamily<Counter>& predictions, PredictionFeed& feed, const Clock& clock,
            int io_threads, std::uint64_t seed);

  // Whose timers waiting requests use; before the first Infer.
  void Connect(HttpServer& server) { server_ = &server; }

  // --- on the I/O thread `io_thread` ---

  // Answers every row of the request, which is not needed after the call. kNotFound: no such model, or the stated
  // version is none of its live ones; kInvalidArgument: tensors that do not fit, or a log of a stated version, which no
  // router chose.
  void Infer(int io_thread, const InferRequest& request, Done done);
  // The snapshots in force; never null.
  const SnapshotSet& snapshots(int io_thread) const { return *engine_->snapshots(io_thread); }
  // Every model there was at the start has an active version, and what is answered can be stored.
  bool IsReady(int io_thread) const;
  // The model, and where `version` is stated that live version of it. kNotFound names those there are.
  Result<SnapshotPointer> Find(int io_thread, std::string_view model, std::string_view version) const;
  // Every live version of every model, by model.
  std::vector<IndexedVersion> Index(int io_thread) const;
  // What was counted, by model and version: of one model or, where it is "", of all; live versions stand there also
  // before their first request. kNotFound as Find.
  Result<std::vector<InferenceFigures>> Figures(int io_thread, std::string_view model, std::string_view version) const;

 private:
  struct Tally {  // of one version, where a lane counts it
    std::string model, version;
    std::shared_ptr<InferenceCounters> counters;
    Counter* predictions;
  };
  struct Lane {  // of one I/O thread
    Lane(const Clock& clock, std::uint64_t seed) : predictor(clock, seed) {}
    BatchPredictor predictor;
    std::vector<std::unique_ptr<PredictionBatch>> spare;
    std::vector<Tally> tallies;
  };
  struct Call {  // one request from its rows to its answer
    int io_thread = 0;
    std::unique_ptr<PredictionBatch> batch;
    Time begin = 0, queued = 0;
    InferenceTimes times;
    Duration delay = 0;
    Done done;
  };

  Lane& lane(int io_thread) { return *lanes_[static_cast<std::size_t>(io_thread)]; }
  std::unique_ptr<PredictionBatch> TakeBatch(Lane& lane);
  void GiveBack(Lane& lane, std::unique_ptr<PredictionBatch> batch);
  Status Evaluate(Lane& lane, const InferRequest& request, const SnapshotPointer& snapshot, Call& call);
  void Log(std::shared_ptr<Call> call);
  void Answer(Call& call);
  void Fail(Call& call, const std::string& version, Error error);
  Tally& TallyOf(Lane& lane, const std::string& model, const std::string& version);
  using Counted = std::vector<std::shared_ptr<InferenceCounters>>;
  void CountAnswers(Call& call, Counted& counted);
  void CountAnswers(Call& call, const std::string& version, std::size_t rows, Counted& counted);

  LiveEngine* engine_;
  MetricFamily<Counter>* predictions_;
  PredictionFeed* feed_;
  const Clock* clock_;
  HttpServer* server_ = nullptr;
  InferenceStatistics statistics_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace hone
