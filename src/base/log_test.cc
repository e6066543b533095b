#include "base/log.h"

#include <gtest/gtest.h>

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

TEST(Log, ParsesLevels) {
  EXPECT_EQ(*ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(*ParseLogLevel("off"), LogLevel::kOff);
  EXPECT_FALSE(ParseLogLevel("loud").ok());
}

}  // namespace
}  // namespace hone
