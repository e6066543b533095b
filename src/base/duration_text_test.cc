#include "base/duration_text.h"

#include <gtest/gtest.h>

#include <map>

namespace hone {
namespace {

TEST(DurationText, ReadsAndWritesWhatPeopleWrite) {
  const std::map<std::string, Duration> known = {{"30s", 30 * kSecond},
                                                 {"5m", 300 * kSecond},
                                                 {"1h30m", 5400 * kSecond},
                                                 {"250ms", 250 * kMillisecond},
                                                 {"7d", 7 * kDay},
                                                 {"1d2h3m4s5ms", kDay + 7384 * kSecond + 5 * kMillisecond},
                                                 {"0s", 0}};
  for (const auto& [text, duration] : known) {
    ASSERT_TRUE(ParseDuration(text).ok()) << text;
    EXPECT_EQ(*ParseDuration(text), duration) << text;
    EXPECT_EQ(FormatDuration(duration), text);
  }
  EXPECT_EQ(*ParseDuration("0"), 0);
  EXPECT_EQ(*ParseDuration("90m"), 5400 * kSecond);
}

TEST(DurationText, RefusesWhatIsNone) {
  for (const char* text : {"", "5", "m", "-5m", "5 m", "5M", "1m1h", "1s1s", "1.5h", "5min", "4000d", "3653d1s",
                           "99999999999999999999s", "9223372036854775807d"}) {
    const auto read = ParseDuration(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(read.error().message.find("5m"), std::string::npos);
  }
}

}  // namespace
}  // namespace hone
