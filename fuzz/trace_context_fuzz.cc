// libraries: wire
// The traceparent header: whatever is taken is written as a header that reads the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/trace_context.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto context = hone::ParseTraceparent(text);
  if (!context) return 0;
  const auto again = hone::ParseTraceparent(hone::FormatTraceparent(*context));
  const bool same = again && again->ids.trace_high == context->ids.trace_high &&
                    again->ids.trace_low == context->ids.trace_low && again->ids.span == context->ids.span &&
                    again->sampled == context->sampled;
  if (!same) std::abort();
  return 0;
}
