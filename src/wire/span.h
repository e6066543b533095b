// One timed piece of work within a trace, as OpenTelemetry means it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "wire/trace_context.h"

namespace hone {

enum class SpanKind : std::uint8_t {
  kInternal,  // work nobody asked for from outside
  kServer,    // the answer to a request
};

struct SpanAttribute {
  std::string key;  // as OpenTelemetry's semantic conventions name it; ours begin with "hone."
  std::variant<std::string, std::int64_t> value;
};

struct Span {
  TraceContext context;
  std::uint64_t parent = 0;  // the caller's span; 0: the trace begins here
  std::string state;         // the caller's tracestate
  std::string name;
  SpanKind kind = SpanKind::kInternal;
  Time begin = 0, end = 0;
  std::vector<SpanAttribute> attributes;
  bool failed = false;

  void Set(std::string_view key, std::string_view value) {
    attributes.push_back({std::string(key), std::string(value)});
  }
  void Set(std::string_view key, std::int64_t value) { attributes.push_back({std::string(key), value}); }
};

}  // namespace hone
