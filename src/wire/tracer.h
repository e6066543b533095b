// Which requests are traced, and their spans while they last.
//
//   Tracer tracer(clock, {.ratio = 0.01, .lanes = threads, .seed = seed}, &queue);
//   const TraceStart start = tracer.Begin(thread, request.headers);   // every request; allocates nothing
//   if (start.recorded) { auto span = tracer.Open(start, "POST /predict/single", SpanKind::kServer); ... }
//
// Sampling is parent-based: a caller that sends a valid traceparent decides by its sampled flag; a trace that begins
// here is sampled with probability `ratio`, decided by its random id alone (as OpenTelemetry's TraceIdRatioBased).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "wire/http_message.h"
#include "wire/span.h"
#include "wire/span_queue.h"
#include "wire/trace_context.h"

namespace hone {

struct TracerOptions {
  double ratio = 1;        // [0, 1]
  int lanes = 1;           // threads that begin traces, each with random numbers of its own
  std::uint64_t seed = 1;  // of ids; must differ from start to start
  bool tls = false;        // requests come over TLS: url.scheme is https
};

// A request's place in its trace: `context` is that of the span made for it.
struct TraceStart {
  TraceContext context;
  std::uint64_t parent = 0;  // 0: the trace begins here
  std::string_view state;    // the caller's tracestate; valid while the headers are
  bool recorded = false;     // sampled, and there is somebody to export it
};

class Tracer;

// A span that is recorded. Ends, at the latest, when it is destroyed. Belongs to one thread at a time.
class OpenSpan {
 public:
  OpenSpan(const Tracer& tracer, std::unique_ptr<Span> span);
  ~OpenSpan();
  OpenSpan(const OpenSpan&) = delete;
  OpenSpan& operator=(const OpenSpan&) = delete;

  // Until End only.
  Span& span() { return *span_; }
  // Later calls do nothing.
  void End();
  bool ended() const { return span_ == nullptr; }

 private:
  const Tracer* tracer_;
  std::unique_ptr<Span> span_;
};

class Tracer {
 public:
  // `queue` null: nothing is recorded, requests only have ids, for the log. References must outlive it.
  Tracer(const Clock& clock, const TracerOptions& options, SpanQueue* queue);

  // On thread `lane`, 0 ... lanes - 1.
  TraceStart Begin(int lane, const HttpHeaders& headers);
  // The same for a transport without HttpHeaders.
  TraceStart Begin(int lane, const IncomingTrace& incoming);
  // A span that begins now. Any thread.
  std::unique_ptr<OpenSpan> Open(const TraceStart& start, std::string_view name, SpanKind kind) const;
  // Records what has happened as a trace of its own, whatever `ratio` is: for what is rare and always wanted. Name,
  // times and attributes are the caller's. Never waits; does nothing without a queue. On thread `lane`.
  void RecordRoot(int lane, Span span);
  bool tls() const { return tls_; }

 private:
  friend class OpenSpan;
  struct alignas(64) Lane {
    Random random;
  };

  std::uint64_t NewId(Random& random) const;
  void Record(std::unique_ptr<Span> span) const;

  const Clock* clock_;
  SpanQueue* queue_;
  std::uint64_t threshold_;  // ids below it, of 63 bits, are sampled
  bool tls_;
  std::vector<Lane> lanes_;
};

}  // namespace hone
