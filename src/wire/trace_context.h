// W3C Trace Context (https://www.w3.org/TR/trace-context/): which trace a request belongs to, as its headers tell it.
//
//   traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//                version - trace id - the caller's span - flags
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "wire/http_message.h"

namespace hone {

// A place in a trace: the trace and the span that is at work. Neither id is all zeros in a context that is one.
struct TraceContext {
  LogTrace ids;
  bool sampled = false;  // somebody records it
};

// Nothing for a header that breaks the format: wrong length, upper case, an id of zeros, version ff. A higher version
// than 00 is read as 00, whatever follows after another '-'.
std::optional<TraceContext> ParseTraceparent(std::string_view header);
// "00-...-...-01", or -00 where it is not sampled.
std::string FormatTraceparent(const TraceContext& context);

// What a request says it belongs to.
struct IncomingTrace {
  std::optional<TraceContext> parent;  // none where there is no traceparent, several, or a wrong one
  std::string_view state;              // tracestate of the first such header, at most 512 characters; "" without parent
};
IncomingTrace ReadTraceHeaders(const HttpHeaders& headers);

}  // namespace hone
