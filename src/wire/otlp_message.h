// Spans as OTLP/HTTP sends them: protobuf (otlp_trace.proto).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/span_queue.h"

namespace hone {

// Who made the spans.
struct TraceResource {
  std::string service = "hone";  // service.name
  std::string version;           // service.version
};

// An ExportTraceServiceRequest. Text that is not UTF-8 has '?' in the place of each byte that is wrong.
std::string EncodeSpans(const SpanQueue::Batch& spans, const TraceResource& resource);
// Of an ExportTraceServiceResponse: the spans that the receiver did not take. 0 for what is no such message.
std::int64_t RejectedSpans(std::string_view response);

}  // namespace hone
