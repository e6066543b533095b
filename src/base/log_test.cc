#include "base/log.h"

#include <gtest/gtest.h>

#include <limits>

namespace hone {
namespace {

TEST(Log, WritesKeysAndValues) {
  EXPECT_EQ(FormatLogLine(LogLevel::kInfo, "store opened", {{"path", "hone.db"}, {"rows", 12}, {"share", 0.5}}),
            "info    store opened path=hone.db rows=12 share=0.5");
}

TEST(Log, AValueCannotForgeALine) {
  EXPECT_EQ(FormatLogLine(LogLevel::kError, "bad", {{"name", "a\nerror b=c"}, {"quote", "x\"y"}, {"empty", ""}}),
            "error   bad name=\"a\\nerror b=c\" quote=\"x\\\"y\" empty=\"\"");
  EXPECT_EQ(FormatLogLine(LogLevel::kError, "a\nb\x1b", {}), "error   a\\nb\\x1b");
}

TEST(Log, DropsLinesBelowTheLevelAndTimesTheRest) {
  const LogLevel before = log_level();
  const VirtualClock clock(0);
  SetLogClock(&clock);
  SetLogLevel(LogLevel::kWarning);
  testing::internal::CaptureStderr();
  LogInfo("quiet");
  LogWarning("heard");
  SetLogLevel(LogLevel::kOff);
  LogError("off");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "1970-01-01T00:00:00Z warning heard\n");
  SetLogLevel(before);
  SetLogClock(nullptr);
}

TEST(Log, WritesJson) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(FormatJsonLogLine(LogLevel::kInfo, "store opened",
                              {{"path", "a\"b\n"}, {"rows", 12}, {"share", 0.5}, {"ok", true}, {"none", none}}),
            R"({"level":"info","message":"store opened","fields":)"
            R"({"path":"a\"b\n","rows":12,"share":0.5,"ok":true,"none":"nan"}})");
  EXPECT_EQ(FormatJsonLogLine(LogLevel::kError, "not \xff UTF-8", {}), R"({"level":"error","message":"not )"
                                                                       "\xef\xbf\xbd"
                                                                       R"( UTF-8","fields":{}})");
}

TEST(Log, TellsTheTraceOfTheThread) {
  {
    const LogTraceScope scope({0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 0xf067aa0ba902b7});
    EXPECT_EQ(FormatLogLine(LogLevel::kInfo, "a", {}),
              "info    a trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7");
    EXPECT_EQ(FormatJsonLogLine(LogLevel::kInfo, "a", {}),
              R"({"level":"info","message":"a","fields":{},"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736",)"
              R"("span_id":"00f067aa0ba902b7"})");
    {
      const LogTraceScope none({});
      EXPECT_EQ(FormatLogLine(LogLevel::kInfo, "a", {}), "info    a");
    }
    EXPECT_EQ(CurrentLogTrace().span, 0xf067aa0ba902b7U);
  }
  EXPECT_FALSE(CurrentLogTrace().any());
}

TEST(Log, LogsInTheFormatThatIsSet) {
  const VirtualClock clock(0);
  SetLogClock(&clock);
  SetLogFormat(LogFormat::kJson);
  testing::internal::CaptureStderr();
  LogError("heard", {{"rows", 1}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            R"({"time":"1970-01-01T00:00:00Z","level":"error","message":"heard","fields":{"rows":1}})"
            "\n");
  SetLogFormat(LogFormat::kText);
  SetLogClock(nullptr);
}

TEST(Log, ParsesFormats) {
  EXPECT_EQ(*ParseLogFormat("json"), LogFormat::kJson);
  EXPECT_EQ(*ParseLogFormat("text"), LogFormat::kText);
  EXPECT_FALSE(ParseLogFormat("xml").ok());
}

TEST(Log, ParsesLevels) {
  EXPECT_EQ(*ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(*ParseLogLevel("off"), LogLevel::kOff);
  EXPECT_FALSE(ParseLogLevel("loud").ok());
}

}  // namespace
}  // namespace hone
