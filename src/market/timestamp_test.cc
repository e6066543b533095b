#include "market/timestamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hone {
namespace {

struct Form {
  const char* text;
  const char* time;
};

class BarTime : public testing::TestWithParam<Form> {};

TEST_P(BarTime, IsRead) {
  const auto time = ParseBarTime(GetParam().text);
  ASSERT_TRUE(time.has_value()) << GetParam().text;
  EXPECT_EQ(FormatTime(*time), GetParam().time) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Forms, BarTime,
    testing::Values(
        Form{"1315922016", "2011-09-13T13:53:36Z"}, Form{"1315922016.25", "2011-09-13T13:53:36.25Z"},
        Form{"1315922016000", "2011-09-13T13:53:36Z"}, Form{"1315922016000001", "2011-09-13T13:53:36.000001Z"},
        Form{"1315922016000000001", "2011-09-13T13:53:36.000000001Z"}, Form{"-252288000", "1962-01-03T00:00:00Z"},
        Form{"19980102", "1998-01-02T00:00:00Z"}, Form{"19980102 09:30", "1998-01-02T09:30:00Z"},
        Form{"2008-09-15", "2008-09-15T00:00:00Z"}, Form{"2008/9/5", "2008-09-05T00:00:00Z"},
        Form{"2008.09.15 16:00", "2008-09-15T16:00:00Z"}, Form{"2008-09-15T09:30:00+05:30", "2008-09-15T04:00:00Z"},
        Form{"2008-09-15 09:30:00-0500", "2008-09-15T14:30:00Z"},
        Form{"2008-09-15 09:30:00.295000+00:00", "2008-09-15T09:30:00.295Z"},
        Form{"2008-09-15 09:30:00 UTC", "2008-09-15T09:30:00Z"}, Form{"1/4/1999", "1999-01-04T00:00:00Z"},
        Form{"01/03/17", "2017-01-03T00:00:00Z"}, Form{"12/31/99", "1999-12-31T00:00:00Z"},
        Form{"12/31/1999 4:05 PM", "1999-12-31T16:05:00Z"}, Form{"12/31/1999 12:05 AM", "1999-12-31T00:05:00Z"},
        Form{"2000-02-29", "2000-02-29T00:00:00Z"}, Form{" 2008-09-15 ", "2008-09-15T00:00:00Z"}),
    [](const auto& row) { return "form" + std::to_string(row.index); });

class NoBarTime : public testing::TestWithParam<const char*> {};

TEST_P(NoBarTime, IsRefused) { EXPECT_FALSE(ParseBarTime(GetParam()).has_value()) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Texts, NoBarTime,
                         testing::Values("", " ", "x", "Date", "192607", "12345", "13/01/2008", "2008-13-01",
                                         "2008-02-30", "1900-02-29", "2008-09", "2008-09-15T", "2008-09-15 25:00",
                                         "2008-09-15 09:60", "2008-09-15 09:30:61", "2008-09-15x", "1700-01-01",
                                         "2300-01-01", "9223372036854775807", "99999999999999999999", "20081301",
                                         "1/2/3/4", "1/2/345", "2008-09-15 09:30 +", "2008-09-15 09:30 Q", "-", ".",
                                         "1e9", "0x12345678", "2008-09-15 13:00 PM"),
                         [](const auto& row) { return "text" + std::to_string(row.index); });

TEST(TimeOfDay, IsNanosecondsSinceMidnight) {
  EXPECT_EQ(ParseTimeOfDay("09:30"), (9 * 60 + 30) * 60 * kSecond);
  EXPECT_EQ(ParseTimeOfDay("9:30:01.5"), ((9 * 60 + 30) * 60 + 1) * kSecond + kSecond / 2);
  EXPECT_EQ(ParseTimeOfDay("24:00"), std::nullopt);
  EXPECT_EQ(ParseTimeOfDay("930"), std::nullopt);
  EXPECT_EQ(ParseTimeOfDay("3602.00"), std::nullopt);
}

}  // namespace
}  // namespace hone
