#include "wire/tracer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hone {
namespace {

constexpr std::uint64_t kIds = std::uint64_t{1} << 63;

std::uint64_t ThresholdOf(double ratio) {
  if (!(ratio > 0)) return 0;
  if (ratio >= 1) return kIds;
  return static_cast<std::uint64_t>(ratio * static_cast<double>(kIds));
}

}  // namespace

OpenSpan::OpenSpan(const Tracer& tracer, std::unique_ptr<Span> span) : tracer_(&tracer), span_(std::move(span)) {}

OpenSpan::~OpenSpan() { End(); }

void OpenSpan::End() {
  if (span_) tracer_->Record(std::move(span_));
}

Tracer::Tracer(const Clock& clock, const TracerOptions& options, SpanQueue* queue)
    : clock_(&clock), queue_(queue), threshold_(ThresholdOf(options.ratio)), tls_(options.tls) {
  for (int i = 0; i < options.lanes; ++i) {
    lanes_.push_back({Random::Stream(options.seed, fmt::format("trace ids of thread {}", i))});
  }
}

TraceStart Tracer::Begin(int lane, const HttpHeaders& headers) { return Begin(lane, ReadTraceHeaders(headers)); }

TraceStart Tracer::Begin(int lane, const IncomingTrace& incoming) {
  Random& random = lanes_[static_cast<std::size_t>(lane)].random;
  TraceStart start;
  if (incoming.parent) {
    start.context = *incoming.parent;
    start.parent = incoming.parent->ids.span;
    start.state = incoming.state;
  } else {
    start.context.ids.trace_high = random.Next();
    start.context.ids.trace_low = NewId(random);
    start.context.sampled = (start.context.ids.trace_low & (kIds - 1)) < threshold_;
  }
  start.context.ids.span = NewId(random);
  start.recorded = start.context.sampled && queue_ != nullptr;
  return start;
}

std::unique_ptr<OpenSpan> Tracer::Open(const TraceStart& start, std::string_view name, SpanKind kind) const {
  auto span = std::make_unique<Span>();
  span->context = start.context;
  span->parent = start.parent;
  span->state = start.state;
  span->name = name;
  span->kind = kind;
  span->begin = clock_->Now();
  return std::make_unique<OpenSpan>(*this, std::move(span));
}

void Tracer::RecordRoot(int lane, Span span) {
  if (queue_ == nullptr) return;
  span.context = Begin(lane, IncomingTrace{}).context;
  span.context.sampled = true;
  queue_->Put(std::make_unique<const Span>(std::move(span)));
}

// Not zero, which is no id.
std::uint64_t Tracer::NewId(Random& random) const {
  while (true) {
    if (const std::uint64_t id = random.Next(); id != 0) return id;
  }
}

// The wall clock may have been set back meanwhile.
void Tracer::Record(std::unique_ptr<Span> span) const {
  span->end = std::max(span->begin, clock_->Now());
  queue_->Put(std::move(span));
}

}  // namespace hone
