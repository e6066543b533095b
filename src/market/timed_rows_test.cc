#include "market/timed_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hone {
namespace {

// Times and numbers of a column, or what was wrong.
Result<std::vector<double>> Read(const std::string& text, const std::string& column,
                                 std::vector<Time>* times = nullptr) {
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, "log.csv"));
  HONE_ASSIGN_OR_RETURN(const std::size_t place, rows.Column(column));
  std::vector<double> values;
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return values;
    HONE_ASSIGN_OR_RETURN(const double value, rows.Number(place));
    values.push_back(value);
    if (times != nullptr) times->push_back(rows.time());
  }
}

std::string Refusal(const std::string& text, const std::string& column = "loss") {
  const auto read = Read(text, column);
  return read.ok() ? "accepted" : read.error().ToString();
}

TEST(TimedRows, FindsColumnsByNameInAnyOrder) {
  std::vector<Time> times;
  const auto read =
      Read("\xef\xbb\xbfnote,loss,Time\r\n\"a, b\",1.5,2020-01-02\r\n\nc,+2e-1,\"2020-01-03\"", "loss", &times);
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(*read, (std::vector<double>{1.5, 0.2}));
  EXPECT_EQ(FormatTime(times[0]), "2020-01-02T00:00:00Z");
  EXPECT_EQ(times[1] - times[0], kDay);
}

TEST(TimedRows, RowsOfOneTimeMayFollowEachOther) {
  EXPECT_EQ(Read("timestamp,loss\n1500000000,1\n1500000000,2\n", "loss")->size(), 2U);
  EXPECT_EQ(Read("timestamp,loss\n", "loss")->size(), 0U);
}

TEST(TimedRows, KnowsWhatIsMissing) {
  auto rows = TimedRows::Open("time,a,b,c,d\n2020-01-02,,NaN,null,0\n", "log.csv");
  ASSERT_TRUE(rows.ok() && rows->Next().value());
  EXPECT_TRUE(rows->Missing(1) && rows->Missing(2) && rows->Missing(3));
  EXPECT_FALSE(rows->Missing(4));
  EXPECT_TRUE(rows->Has("a"));
  EXPECT_FALSE(rows->Has("e"));
}

TEST(TimedRows, RefusalsNameLineAndColumn) {
  EXPECT_EQ(Refusal(""), "log.csv: the file is empty; a header line with the columns' names was expected");
  EXPECT_EQ(Refusal("when,loss\n"), "log.csv:1: time: the header has no such column");
  EXPECT_EQ(Refusal("time,losss\n"), "log.csv:1: loss: the header has no such column, did you mean losss?");
  EXPECT_EQ(Refusal("time,loss,loss\n"), "log.csv:1: loss: the header has the column twice");
  EXPECT_EQ(Refusal("time,loss,date\n"), "log.csv:1: time: the header has two: 'time' and 'date'");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02,1\n2020-01-03,x\n"), "log.csv:3: loss: 'x' is not a number");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02,\n"), "log.csv:2: loss: the value is missing");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02,1e999\n"), "log.csv:2: loss: must be a finite number, is '1e999'");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02,nan\n"), "log.csv:2: loss: must be a finite number, is 'nan'");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02,1\n2020-01-01,1\n"),
            "log.csv:3: time: 2020-01-01T00:00:00Z is before the row above (2020-01-02T00:00:00Z); expected the "
            "oldest row first");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02,1,2\n"), "log.csv:2: has 3 fields, the header 2");
  EXPECT_EQ(Refusal("time,loss\n2020-01-02"), "log.csv:2: has 1 fields, the header 2: the last line is cut off");
  EXPECT_NE(Refusal("time,loss\nnoon,1\n").find("log.csv:2: time: 'noon' is no time"), std::string::npos);
}

}  // namespace
}  // namespace hone
