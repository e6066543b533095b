// POST /predict/batch: many rows in one request, each predicted, routed and logged as /predict/single does it, with an
// id of its own; all on the I/O thread that has the connection. The body is as in serving/batch_request.h, the answer
// is by column:
//
//   {"model","time","rows":2,"version":"1.0.0","prediction_ids":["...","..."],"values":[0.1,null]}
//
// A row for which the version has no finite answer is null in both and not logged. A model whose answer has several
// numbers gives a list for each row. Where several versions answered (a canary), `version` is null and
// "versions", "roles" and "propensities" stand beside the values. Where an ensemble answered, so do its members' votes
// (votes_json.h); a row from which it abstained is null like one without an answer.
//
// Rows go to the log as there is room; the answer waits for the last of them. When the ring has been full for its
// patience before the first row is in, the request gets 503 with Retry-After and nothing of it is logged. After that it
// waits as long as the store needs, but no longer than kLongestWait: then it gets 503 too, and what is in the log
// stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "api/route_table.h"
#include "api/websocket/prediction_feed.h"
#include "base/time.h"
#include "engine/live_engine.h"
#include "serving/batch_predictor.h"
#include "serving/batch_request.h"
#include "wire/http_server.h"
#include "wire/json_writer.h"
#include "wire/prometheus.h"

namespace hone {

class BatchRoute {
 public:
  static constexpr std::string_view kPath = "/predict/batch";
  static constexpr Duration kLongestWait = 20 * kSecond;

  // `predictions` counts answered rows by model. References must outlive it. `seed` as PredictRoute's, but another.
  BatchRoute(LiveEngine& engine, MetricFamily<Counter>& predictions, PredictionFeed& feed, const Clock& clock,
             int io_threads, std::uint64_t seed);

  // Whose timers waiting requests use; before the first Handle.
  void Connect(HttpServer& server) { server_ = &server; }
  // On the request's I/O thread.
  void Handle(const HttpRequest& request, const Answer& answer);

 private:
  struct Lane {  // of one I/O thread
    Lane(const Clock& clock, std::uint64_t seed) : predictor(clock, seed) {}
    BatchRequestReader reader;
    BatchPredictor predictor;
    std::unique_ptr<PredictionBatch> spare;
  };
  struct Call {  // one request from its rows to its answer
    int io_thread;
    std::unique_ptr<PredictionBatch> batch;
    Answer answer;
    Time begun;
    Duration delay;
  };

  Lane& lane(int io_thread) { return *lanes_[static_cast<std::size_t>(io_thread)]; }
  Status Predict(const HttpRequest& request, PredictionBatch& batch);
  void Log(std::shared_ptr<Call> call);
  void Finish(Call& call);

  LiveEngine* engine_;
  MetricFamily<Counter>* predictions_;
  PredictionFeed* feed_;
  const Clock* clock_;
  HttpServer* server_ = nullptr;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace hone
