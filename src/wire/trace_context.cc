#include "wire/trace_context.h"

#include <fmt/format.h>

namespace hone {
namespace {

constexpr std::size_t kLength = 55;
constexpr std::size_t kLongestState = 512;

// Lower-case hex only.
bool ReadHex(std::string_view text, std::uint64_t& value) {
  value = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return false;
    value = value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return true;
}

bool HasShape(std::string_view header) {
  if (header.size() < kLength || header[2] != '-' || header[35] != '-' || header[52] != '-') return false;
  const bool longer = header.size() > kLength;
  return !longer || (header.substr(0, 2) != "00" && header[kLength] == '-');
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view header) {
  if (!HasShape(header)) return std::nullopt;
  TraceContext context;
  std::uint64_t version = 0, flags = 0;
  const bool hex = ReadHex(header.substr(0, 2), version) && ReadHex(header.substr(3, 16), context.ids.trace_high) &&
                   ReadHex(header.substr(19, 16), context.ids.trace_low) &&
                   ReadHex(header.substr(36, 16), context.ids.span) && ReadHex(header.substr(53, 2), flags);
  if (!hex || version == 0xff || !context.ids.any() || context.ids.span == 0) return std::nullopt;
  context.sampled = (flags & 1) != 0;
  return context;
}

std::string FormatTraceparent(const TraceContext& context) {
  return fmt::format("00-{:016x}{:016x}-{:016x}-{:02x}", context.ids.trace_high, context.ids.trace_low,
                     context.ids.span, context.sampled ? 1 : 0);
}

IncomingTrace ReadTraceHeaders(const HttpHeaders& headers) {
  std::string_view parent, state;
  int parents = 0;
  for (const HttpHeader& header : headers) {
    if (SameHeaderName(header.name, "traceparent")) {
      parent = header.value;
      ++parents;
    } else if (state.empty() && SameHeaderName(header.name, "tracestate")) {
      state = header.value;
    }
  }
  IncomingTrace incoming;
  if (parents == 1) incoming.parent = ParseTraceparent(parent);
  if (incoming.parent && state.size() <= kLongestState) incoming.state = state;
  return incoming;
}

}  // namespace hone
