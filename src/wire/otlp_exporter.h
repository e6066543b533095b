// Sends ended spans to a collector: OTLP/HTTP or HTTPS, protobuf (https://opentelemetry.io/docs/specs/otlp/).
//
//   SpanQueue queue;
//   OtlpExporter exporter(queue, options, metrics);
//   thread: exporter.Run();
//   ...
//   queue.Close();   // Run sends what is there and returns
//
// Batches go out when there is one, at the latest after `interval`. 429, 502, 503, 504 and no answer at all are tried
// again, each time after twice as long or after Retry-After, up to `attempts` times; any other refusal is final.
// Counted: otlp_spans_exported_total, otlp_spans_unexported_total{reason="refused"|"unreachable"} for what was given
// up, otlp_spans_dropped_total for what found the queue full. One line is logged when sending fails twice in
// succession, and one when it works again.
#pragma once

#include <cstdint>
#include <memory>

#include "base/time.h"
#include "wire/http_client.h"
#include "wire/otlp_endpoint.h"
#include "wire/otlp_message.h"
#include "wire/prometheus.h"
#include "wire/span_queue.h"

namespace hone {

struct OtlpOptions {
  OtlpEndpoint endpoint;
  std::shared_ptr<TlsTrust> trust;  // of an https endpoint; must be there for one
  HttpHeaders headers;              // beside Content-Type; may be secret
  TraceResource resource;
  Duration interval = kSecond;
  Duration timeout = 3 * kSecond;    // of one attempt; Run returns at most about twice that after Close
  Duration first_backoff = kSecond;  // doubles
  Duration longest_backoff = 30 * kSecond;
  int attempts = 6;  // of one batch
};

class OtlpExporter {
 public:
  // References must outlive it, and `metrics` must not be rendered after it is gone.
  OtlpExporter(SpanQueue& queue, OtlpOptions options, MetricRegistry& metrics);

  // Sends until the queue is closed. Once, on a thread of its own.
  void Run();

 private:
  // What came of one attempt.
  struct Sent {
    bool done = false, again = false;
    Duration wait = 0;          // asked for with Retry-After
    std::int64_t rejected = 0;  // of the spans, where done
  };

  void Export(const SpanQueue::Batch& batch);
  Sent Attempt(const std::string& body);
  void NoteFailure(const std::string& what);
  void NoteSuccess();

  SpanQueue* queue_;
  const OtlpOptions options_;
  HttpClient client_;
  Counter *exported_, *refused_, *unreachable_;
  int failures_ = 0;  // since the last success
};

}  // namespace hone
