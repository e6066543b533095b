#include "wire/trace_context.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

constexpr const char* kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, ReadsAndWritesTheHeader) {
  const auto context = ParseTraceparent(kParent);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->ids.trace_high, 0x4bf92f3577b34da6U);
  EXPECT_EQ(context->ids.trace_low, 0xa3ce929d0e0e4736U);
  EXPECT_EQ(context->ids.span, 0x00f067aa0ba902b7U);
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(FormatTraceparent(*context), kParent);
  EXPECT_FALSE(ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")->sampled);
  EXPECT_TRUE(ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff")->sampled);
}

TEST(TraceContext, ALaterVersionIsReadAsTheFirst) {
  EXPECT_EQ(FormatTraceparent(*ParseTraceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes")),
            kParent);
  EXPECT_TRUE(ParseTraceparent("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
}

TEST(TraceContext, WhatBreaksTheFormatIsNone) {
  for (const char* header : {"", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                             "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                             "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                             "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more"}) {
    EXPECT_FALSE(ParseTraceparent(header)) << header;
  }
}

TEST(TraceContext, HeadersOfARequest) {
  const HttpHeaders headers{{"Host", "a"}, {"TraceParent", kParent}, {"tracestate", "a=1"}};
  const IncomingTrace whole = ReadTraceHeaders(headers);
  EXPECT_EQ(FormatTraceparent(*whole.parent), kParent);
  EXPECT_EQ(whole.state, "a=1");
  EXPECT_FALSE(ReadTraceHeaders({{"traceparent", kParent}, {"traceparent", kParent}}).parent);
  EXPECT_EQ(ReadTraceHeaders({{"traceparent", "00"}, {"tracestate", "a=1"}}).state, "");
  EXPECT_EQ(ReadTraceHeaders({{"traceparent", kParent}, {"tracestate", std::string(513, 'a')}}).state, "");
}

}  // namespace
}  // namespace hone
