// A request that is not sampled costs its trace no memory. Here, where the operators new count.
#include <gtest/gtest.h>

#include "base/testing/allocation_count.h"
#include "wire/http_span.h"
#include "wire/tracer.h"

namespace hone {
namespace {

TEST(TraceAllocation, NothingIsAllocatedUnlessItIsSampled) {
  const VirtualClock clock(0);
  SpanQueue queue;
  Tracer tracer(clock, {.ratio = 0}, &queue);
  const HttpHeaders own = {{"Host", "localhost"}, {"Content-Type", "application/json"}};
  const HttpHeaders unsampled = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}};
  const HttpHeaders wrong = {{"traceparent", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"}};
  int recorded = 0;
  const std::int64_t before = AllocationCount();
  for (int i = 0; i < 1000; ++i) {
    for (const HttpHeaders* headers : {&own, &unsampled, &wrong}) {
      const TraceStart start = tracer.Begin(0, *headers);
      const LogTraceScope scope(start.context.ids);
      SetHttpRoute(nullptr, "/predict/single");
      recorded += start.recorded ? 1 : 0;
    }
  }
  EXPECT_EQ(AllocationCount() - before, 0);
  EXPECT_EQ(recorded, 0);
  const TraceStart sampled =
      tracer.Begin(0, HttpHeaders{{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}});
  auto span = tracer.Open(sampled, "POST", SpanKind::kServer);
  EXPECT_GT(AllocationCount() - before, 0);
}

}  // namespace
}  // namespace hone
