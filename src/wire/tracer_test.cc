#include "wire/tracer.h"

#include <gtest/gtest.h>

#include <set>

#include "wire/http_span.h"

namespace hone {
namespace {

constexpr const char* kSampledParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr const char* kUnsampledParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

TEST(Tracer, TheCallerDecidesForItsTraces) {
  const VirtualClock clock(0);
  SpanQueue queue;
  Tracer never(clock, {.ratio = 0}, &queue), always(clock, {.ratio = 1}, &queue);
  const TraceStart taken = never.Begin(0, HttpHeaders{{"traceparent", kSampledParent}});
  EXPECT_TRUE(taken.recorded);
  EXPECT_EQ(taken.context.ids.trace_high, 0x4bf92f3577b34da6U);
  EXPECT_EQ(taken.parent, 0xf067aa0ba902b7U);
  EXPECT_NE(taken.context.ids.span, taken.parent);
  const TraceStart left = always.Begin(0, HttpHeaders{{"traceparent", kUnsampledParent}});
  EXPECT_FALSE(left.recorded);
  EXPECT_EQ(left.context.ids.trace_low, 0xa3ce929d0e0e4736U);
}

TEST(Tracer, ItsOwnTracesAreSampledByTheRatio) {
  const VirtualClock clock(0);
  SpanQueue queue;
  constexpr int kRequests = 20'000;
  for (const double ratio : {0.0, 0.1, 1.0}) {
    Tracer tracer(clock, {.ratio = ratio, .seed = 3}, &queue);
    int sampled = 0;
    std::set<std::uint64_t> traces;
    for (int i = 0; i < kRequests; ++i) {
      const TraceStart start = tracer.Begin(0, HttpHeaders{{"traceparent", "not one"}});
      EXPECT_EQ(start.parent, 0U);
      sampled += start.recorded ? 1 : 0;
      traces.insert(start.context.ids.trace_low);
    }
    EXPECT_EQ(traces.size(), std::size_t{kRequests});
    const bool exact = ratio == 0.0 || ratio == 1.0;
    EXPECT_NEAR(sampled, ratio * kRequests, exact ? 0 : 200);  // 4.7 standard deviations at 0.1
  }
}

TEST(Tracer, WithoutAQueueNothingIsRecorded) {
  const VirtualClock clock(0);
  Tracer tracer(clock, {.ratio = 1}, nullptr);
  const TraceStart start = tracer.Begin(0, HttpHeaders{{"traceparent", kSampledParent}});
  EXPECT_FALSE(start.recorded);
  EXPECT_EQ(start.context.ids.trace_high, 0x4bf92f3577b34da6U);
}

TEST(Tracer, WhatIsAlwaysWantedIsATraceOfItsOwn) {
  const VirtualClock clock(9);
  SpanQueue queue;
  Tracer never(clock, {.ratio = 0, .lanes = 2}, &queue);
  for (int i = 0; i < 2; ++i) {
    Span span;
    span.name = "promote";
    span.begin = span.end = 5;
    span.Set("hone.model", "vol");
    never.RecordRoot(1, std::move(span));
  }
  const SpanQueue::Batch batch = queue.Take(0);
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0]->name, "promote");
  EXPECT_EQ(batch[0]->parent, 0U);
  EXPECT_EQ(batch[0]->begin, 5);
  EXPECT_EQ(batch[0]->end, 5);
  EXPECT_EQ(batch[0]->attributes.at(0).key, "hone.model");
  EXPECT_TRUE(batch[0]->context.sampled);
  EXPECT_NE(batch[0]->context.ids.span, 0U);
  EXPECT_NE(batch[0]->context.ids.trace_low, batch[1]->context.ids.trace_low);
  Tracer(clock, {.ratio = 1}, nullptr).RecordRoot(0, Span());
  EXPECT_TRUE(queue.Take(0).empty());
}

TEST(HttpSpan, IsNamedByItsRouteAndEndsOnce) {
  VirtualClock clock(5);
  SpanQueue queue;
  Tracer tracer(clock, {}, &queue);
  HttpRequest request;
  request.method = "BREW";
  request.path = "/pot/1";
  request.headers = {{"traceparent", kSampledParent}, {"Authorization", "Bearer secret"}};
  auto span = OpenHttpSpan(tracer, tracer.Begin(0, request.headers), request);
  SetHttpRoute(span.get(), "/pot/{name}");
  SetHttpRoute(nullptr, "/pot/{name}");
  clock.AdvanceTo(9);
  HttpResponse response = TextResponse("no", 503);
  EndHttpSpan(*span, response);
  EndHttpSpan(*span, response);
  span.reset();
  const SpanQueue::Batch ended = queue.Take(0);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0]->name, "HTTP /pot/{name}");
  EXPECT_TRUE(ended[0]->failed);
  EXPECT_EQ(ended[0]->begin, 5);
  EXPECT_EQ(ended[0]->end, 9);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].value, FormatTraceparent(ended[0]->context));
  EXPECT_EQ(std::get<std::string>(ended[0]->attributes[0].value), "_OTHER");
  for (const SpanAttribute& attribute : ended[0]->attributes) {
    const auto* text = std::get_if<std::string>(&attribute.value);
    EXPECT_TRUE(text == nullptr || text->find("secret") == text->npos) << attribute.key;
  }
}

}  // namespace
}  // namespace hone
