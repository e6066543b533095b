#include "base/time.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace hone {
namespace {

TEST(Time, ParsesAndFormatsRfc3339) {
  EXPECT_EQ(*ParseTime("1970-01-01"), 0);
  EXPECT_EQ(*ParseTime("2008-09-15T00:00:00Z"), 1'221'436'800 * kSecond);
  EXPECT_EQ(*ParseTime("2008-09-15 13:45:01"), 1'221'486'301 * kSecond);
  EXPECT_EQ(*ParseTime("2008-09-15T13:45:01.25+02:00"), 1'221'479'101 * kSecond + 250 * kMillisecond);
  EXPECT_EQ(*ParseTime("2008-09-15T13:45:01-05:30"), 1'221'506'101 * kSecond);
  EXPECT_EQ(FormatTime(1'221'436'800 * kSecond), "2008-09-15T00:00:00Z");
  EXPECT_EQ(FormatTime(1), "1970-01-01T00:00:00.000000001Z");
  EXPECT_EQ(FormatTime(250 * kMillisecond), "1970-01-01T00:00:00.25Z");
  EXPECT_EQ(FormatDate(1'221'436'800 * kSecond), "2008-09-15");
}

TEST(Time, HandlesTheYearsBeforeTheEpoch) {
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(*ParseTime("1928-01-03"), -15'339 * kDay);
  EXPECT_EQ(ToCivil(-15'339 * kDay).weekday, 2);  // a Tuesday
  EXPECT_EQ(ToCivil(0).weekday, 4);
}

TEST(Time, KnowsLeapYears) {
  EXPECT_TRUE(ParseTime("2000-02-29").ok());
  EXPECT_TRUE(ParseTime("2004-02-29").ok());
  EXPECT_FALSE(ParseTime("1900-02-29").ok());
  EXPECT_FALSE(ParseTime("2001-02-29").ok());
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2008", "2008-9-15", "2008-13-01", "2008-04-31", "2008-09-15T", "2008-09-15T25:00:00Z",
        "2008-09-15T13:60:00Z", "2008-09-15T13:00:60Z", "2008-09-15T13:45:01.Z", "2008-09-15T13:45:01+25:00",
        "2008-09-15T13:45:01Zx", "2008-09-15x", "1677-01-01", "2262-01-01", "09/15/2008", "-008-09-15"}) {
    const auto time = ParseTime(text);
    EXPECT_FALSE(time.ok()) << text;
    EXPECT_EQ(time.error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_NE(ParseTime("yesterday").error().message.find("is \"yesterday\""), std::string::npos);
}

TEST(Time, TextAndTimeAreEachOthersInverse) {
  Random random(1);
  const Time first = *ParseTime("1678-01-01");
  const Time last = *ParseTime("2261-12-31T23:59:59.999999999Z");
  const auto range = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  for (int i = 0; i < 20'000; ++i) {
    const Time time = static_cast<Time>(static_cast<std::uint64_t>(first) + random.Below(range));
    ASSERT_EQ(*ParseTime(FormatTime(time)), time);
    ASSERT_EQ(*FromCivil(ToCivil(time)), time);
  }
}

TEST(Time, TheLargestAndSmallestTimesFormat) {
  EXPECT_EQ(FormatTime(std::numeric_limits<Time>::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(FormatTime(std::numeric_limits<Time>::min()), "1677-09-21T00:12:43.145224192Z");
}

TEST(Time, AVirtualClockNeverGoesBack) {
  VirtualClock clock(5);
  clock.AdvanceTo(9);
  clock.AdvanceTo(7);
  EXPECT_EQ(clock.Now(), 9);
}

}  // namespace
}  // namespace hone
