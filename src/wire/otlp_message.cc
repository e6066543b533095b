#include "wire/otlp_message.h"

#include <otlp_trace.pb.h>

#include <algorithm>

#include "wire/utf8.h"

namespace hone {
namespace {

constexpr std::uint32_t kSampled = 1;

// A receiver may refuse the whole batch for one wrong byte.
std::string Utf8Text(std::string_view text) {
  std::string sound;
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    sound += length == 0 ? std::string_view("?") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return sound;
}

void AppendId(std::uint64_t id, std::string& bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(id >> shift & 0xff);
}

std::string TraceBytes(const LogTrace& ids) {
  std::string bytes;
  AppendId(ids.trace_high, bytes);
  AppendId(ids.trace_low, bytes);
  return bytes;
}

std::string SpanBytes(std::uint64_t span) {
  std::string bytes;
  AppendId(span, bytes);
  return bytes;
}

void WriteAttribute(const SpanAttribute& attribute, otlp::KeyValue& message) {
  message.set_key(attribute.key);
  if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
    message.mutable_value()->set_int_value(*number);
  } else {
    message.mutable_value()->set_string_value(Utf8Text(std::get<std::string>(attribute.value)));
  }
}

void WriteSpan(const Span& span, otlp::Span& message) {
  message.set_trace_id(TraceBytes(span.context.ids));
  message.set_span_id(SpanBytes(span.context.ids.span));
  message.set_trace_state(Utf8Text(span.state));
  if (span.parent != 0) message.set_parent_span_id(SpanBytes(span.parent));
  message.set_name(Utf8Text(span.name));
  message.set_kind(span.kind == SpanKind::kServer ? otlp::Span::SPAN_KIND_SERVER : otlp::Span::SPAN_KIND_INTERNAL);
  message.set_start_time_unix_nano(static_cast<std::uint64_t>(span.begin));
  message.set_end_time_unix_nano(static_cast<std::uint64_t>(span.end));
  for (const SpanAttribute& attribute : span.attributes) WriteAttribute(attribute, *message.add_attributes());
  if (span.failed) message.mutable_status()->set_code(otlp::Status::STATUS_CODE_ERROR);
  message.set_flags(span.context.sampled ? kSampled : 0);
}

}  // namespace

std::string EncodeSpans(const SpanQueue::Batch& spans, const TraceResource& resource) {
  otlp::ExportTraceServiceRequest request;
  otlp::ResourceSpans& all = *request.add_resource_spans();
  WriteAttribute({"service.name", resource.service}, *all.mutable_resource()->add_attributes());
  WriteAttribute({"service.version", resource.version}, *all.mutable_resource()->add_attributes());
  otlp::ScopeSpans& scope = *all.add_scope_spans();
  scope.mutable_scope()->set_name("hone");
  scope.mutable_scope()->set_version(resource.version);
  for (const auto& span : spans) WriteSpan(*span, *scope.add_spans());
  return request.SerializeAsString();
}

std::int64_t RejectedSpans(std::string_view response) {
  otlp::ExportTraceServiceResponse message;
  if (!message.ParseFromArray(response.data(), static_cast<int>(response.size()))) return 0;
  return std::max<std::int64_t>(message.partial_success().rejected_spans(), 0);
}

}  // namespace hone
