#include "wire/otlp_exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace hone {
namespace {

constexpr std::size_t kLargestAnswer = 64u << 10;
constexpr int kLoggedFailure = 2;  // a kept connection that the collector has closed fails once

bool MayBeTriedAgain(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

}  // namespace

OtlpExporter::OtlpExporter(SpanQueue& queue, OtlpOptions options, MetricRegistry& metrics)
    : queue_(&queue),
      options_(std::move(options)),
      client_(options_.endpoint.host, options_.endpoint.port, options_.timeout, kLargestAnswer,
              options_.endpoint.secure ? options_.trust : nullptr),
      exported_(&metrics.AddCounter("otlp_spans_exported_total", "Spans that the collector took.").With()) {
  auto& dropped = metrics.AddCounter("otlp_spans_unexported_total",
                                     "Spans that the collector refused, or that could not be sent to it.", {"reason"});
  refused_ = &dropped.With({"refused"});
  unreachable_ = &dropped.With({"unreachable"});
  metrics.AddCounterCallback("otlp_spans_dropped_total", "Spans dropped because too many waited to be sent.",
                             [&queue] { return static_cast<double>(queue.dropped()); });
}

void OtlpExporter::Run() {
  while (true) {
    const bool closed = queue_->closed();
    const SpanQueue::Batch batch = queue_->Take(options_.interval);
    if (!batch.empty()) {
      Export(batch);
    } else if (closed) {
      return;
    }
  }
}

// After Close nothing waits any more, and what follows a failure is given up at once.
void OtlpExporter::Export(const SpanQueue::Batch& batch) {
  if (queue_->closed() && failures_ > 0) return unreachable_->Add(batch.size());
  const std::string body = EncodeSpans(batch, options_.resource);
  Duration backoff = options_.first_backoff;
  for (int attempt = 1;; ++attempt) {
    const Sent sent = Attempt(body);
    if (sent.done) {
      const std::uint64_t rejected = std::min<std::uint64_t>(static_cast<std::uint64_t>(sent.rejected), batch.size());
      refused_->Add(rejected);
      return exported_->Add(batch.size() - rejected);
    }
    if (!sent.again) return refused_->Add(batch.size());
    const Duration wait = std::min(std::max(backoff, sent.wait), options_.longest_backoff);
    if (attempt == options_.attempts || queue_->AwaitClose(wait)) return unreachable_->Add(batch.size());
    backoff *= 2;
  }
}

OtlpExporter::Sent OtlpExporter::Attempt(const std::string& body) {
  HttpHeaders headers = options_.headers;
  headers.push_back({"Content-Type", "application/x-protobuf"});
  const Result<HttpAnswer> answer = client_.Send("POST", options_.endpoint.target, body, headers);
  if (!answer.ok()) {
    NoteFailure(answer.error().ToString());
    return {.again = true};
  }
  if (answer->status >= 200 && answer->status < 300) {
    NoteSuccess();
    return {.done = true, .rejected = RejectedSpans(answer->body)};
  }
  NoteFailure(fmt::format("{}:{} answered {}", options_.endpoint.host, options_.endpoint.port, answer->status));
  return {.again = MayBeTriedAgain(answer->status), .wait = RetryAfter(*answer)};
}

void OtlpExporter::NoteFailure(const std::string& what) {
  if (++failures_ == kLoggedFailure) LogWarning("traces cannot be sent", {{"error", what}});
}

void OtlpExporter::NoteSuccess() {
  if (std::exchange(failures_, 0) >= kLoggedFailure) LogWarning("traces can be sent again");
}

}  // namespace hone
