// What the reader of bars refuses: each message names file, line and column, and what would be right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "market/load.h"
#include "market/packing_for_test.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct RefusedFile {
  std::string text;
  std::string message;
};

const std::string kHeader = "Date,Open,High,Low,Close,Volume\n2008-09-15,10,12,9,11,1000\n";

class Refused : public testing::TestWithParam<RefusedFile> {};

TEST_P(Refused, WithAMessage) {
  const auto series = ParseBars(GetParam().text, "bars.csv");
  ASSERT_FALSE(series.ok()) << GetParam().text;
  EXPECT_EQ(series.error().code, ErrorCode::kInvalidData);
  EXPECT_THAT(series.error().ToString(), HasSubstr(GetParam().message)) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Files, Refused,
    testing::Values(
        RefusedFile{"", "bars.csv: the file is empty"}, RefusedFile{"\n\n", "bars.csv: the file is empty"},
        RefusedFile{"Date,Close\n", "bars.csv: the file holds no bars"},
        RefusedFile{"Date,Close\n2008-09-15,.\n", "bars.csv: the file holds no bars"},
        RefusedFile{kHeader + "2008-09-16,nan,13,10,12,5\n",
                    "bars.csv:3: Open: must be a finite price above 0, is nan"},
        RefusedFile{kHeader + "2008-09-16,11,inf,10,12,5\n",
                    "bars.csv:3: High: must be a finite price above 0, is inf"},
        RefusedFile{kHeader + "2008-09-16,11,1e999,10,12,5\n",
                    "bars.csv:3: High: must be a finite price above 0, is inf"},
        RefusedFile{kHeader + "2008-09-16,11,13,0,12,5\n", "bars.csv:3: Low: must be a finite price above 0, is 0"},
        RefusedFile{kHeader + "2008-09-16,11,13,10,-12,5\n",
                    "bars.csv:3: Close: must be a finite price above 0, is -12"},
        RefusedFile{kHeader + "2008-09-16,11,13,10,1e300,5\n", "bars.csv:3: Close: must be a finite price above 0"},
        RefusedFile{kHeader + "2008-09-16,11,9,10,12,5\n", "bars.csv:3: High: high 9 is below low 10"},
        RefusedFile{kHeader + "2008-09-16,11,13,10,12,-5\n",
                    "bars.csv:3: Volume: must be finite and not negative, is -5"},
        RefusedFile{kHeader + "2008-09-16,11,13,10,12,nan\n", "bars.csv:3: Volume: must be finite and not negative"},
        RefusedFile{kHeader + "2008-09-16,11,13,10,12,\n", "bars.csv:3: Volume: the value is missing here"},
        RefusedFile{kHeader + "2008-09-16,11,,10,12,5\n", "bars.csv:3: High: the value is missing"},
        RefusedFile{kHeader + "2008-09-16,11,12x,10,12,5\n", "bars.csv:3: High: '12x' is no number"},
        RefusedFile{kHeader + "2008-09-16,11,12\n", "bars.csv:3: 3 fields, expected 6"},
        RefusedFile{kHeader + "2008-09-16,11,12", "bars.csv:3: 3 fields, expected 6: the last line is cut off"},
        RefusedFile{kHeader + "2008-09-16,11,13,10,12,5,7\n", "bars.csv:3: 7 fields, expected 6"},
        RefusedFile{kHeader + "2008-09-31,11,13,10,12,5\n", "bars.csv:3: Date: '2008-09-31' is no time"},
        RefusedFile{
            kHeader + "2008-09-14,11,13,10,12,5\n2008-09-17,11,13,10,12,5\n",
            "bars.csv:3: Date: 2008-09-14T00:00:00Z follows 2008-09-15T00:00:00Z in line 2: bars must be oldest "
            "first, or exactly newest first"},
        RefusedFile{"date,close\n2008-09-17,1\n2008-09-15,1\n2008-09-16,1\n",
                    "bars.csv:4: date: 2008-09-16T00:00:00Z follows 2008-09-15T00:00:00Z in line 3"},
        RefusedFile{kHeader + "2008-09-15,10,12,9,11.5,1000\n",
                    "bars.csv:3: Date: a second, different bar of 2008-09-15T00:00:00Z (the other is in line 2)"},
        RefusedFile{"Date,Open,High,Low,Volume\n2008-09-15,10,12,9,1000\n",
                    "bars.csv:1: close: no such column; the file has 'Date', 'Open', 'High', 'Low', 'Volume'"},
        RefusedFile{"Date,Hihg,Low,Close\n2008-09-15,12,9,11\n", "bars.csv:1: open: no such column"},
        RefusedFile{"When,Open,High,Low,Close\n2008-09-15,10,12,9,11\n", "bars.csv:1: date: no such column"},
        RefusedFile{"Date,Open,High,Low,Closee\n2008-09-15,10,12,9,11\n",
                    "close: no such column, did you mean closee?"},
        RefusedFile{"Date,Close,close\n2008-09-15,10,12\n", "bars.csv:1: close: two columns have this name"},
        RefusedFile{"2008-09-15,1,2,3\n", "bars.csv:1: no header, and 3 values after the time"},
        RefusedFile{"hello\n", "bars.csv:1: not a file of bars: its first line 'hello' has 1 fields"},
        RefusedFile{std::string("a\0b", 3), "bars.csv: not a text file: byte 0x00 at 1"},
        RefusedFile{"date,close\n1900-01-01,1\n2100-01-01,2\n", "the median step between bars is 73049 days"},
        RefusedFile{"\x1f\x8b", "bars.csv: truncated gzip"},
        RefusedFile{"PK\x03\x04", "bars.csv: truncated or damaged zip"}),
    [](const auto& row) { return "file" + std::to_string(row.index); });

TEST(LoadRefusal, InsideAZipTheInnerFileIsNamed) {
  const auto series = ParseBars(ZipForTest({{"spy.csv", "19980102 00:00,97,98,96,0,1\n"}}), "spy.zip");
  ASSERT_FALSE(series.ok());
  EXPECT_THAT(series.error().ToString(), StartsWith("spy.zip/spy.csv:1: close: must be a finite price above 0"));
}

TEST(LoadRefusal, OptionsThatNameAMissingColumn) {
  const auto adjusted = ParseBars(kHeader, "bars.csv", {.use_adjusted_close = true});
  ASSERT_FALSE(adjusted.ok());
  EXPECT_THAT(adjusted.error().ToString(), HasSubstr("adj close: no such column"));
  const auto chosen = ParseBars(kHeader, "bars.csv", {.close_column = "Clsoe"});
  ASSERT_FALSE(chosen.ok());
  EXPECT_THAT(chosen.error().ToString(), HasSubstr("Clsoe: no such column"));
  const auto scale = ParseBars(kHeader, "bars.csv", {.price_scale = -1});
  ASSERT_FALSE(scale.ok());
  EXPECT_EQ(scale.error().code, ErrorCode::kInvalidArgument);
}

TEST(LoadRefusal, AMissingFile) {
  const auto series = LoadBars("/nowhere/prices.csv");
  ASSERT_FALSE(series.ok());
  EXPECT_EQ(series.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(series.error().ToString(), HasSubstr("/nowhere/prices.csv"));
}

TEST(LoadRefusal, AFileOverTheLimit) {
  const auto series = ParseBars(kHeader, "bars.csv", {.max_bytes = 10});
  ASSERT_FALSE(series.ok());
  EXPECT_THAT(series.error().ToString(), HasSubstr("bars.csv: larger than 10 bytes"));
}

TEST(LoadRefusal, RandomBytes) {
  Random random(7);
  for (int i = 0; i < 500; ++i) {
    std::string bytes(random.Below(300), '\0');
    for (char& c : bytes) c = static_cast<char>(random.Below(256));
    EXPECT_FALSE(ParseBars(bytes, "noise.bin").ok()) << i;
  }
}

// One byte changed anywhere: an answer or an error, never a crash, and never a bar out of order or without a price.
TEST(LoadRefusal, DamageNeverYieldsABadSeries) {
  Random random(8);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = kHeader + "2008-09-16,11,13,10,12,2000\n2008-09-17,12,14,11,13,3000\n";
    text[random.Below(text.size())] = static_cast<char>(random.Below(128));
    const auto series = ParseBars(text, "damaged.csv");
    refused += series.ok() ? 0 : 1;
    if (!series.ok()) continue;
    for (std::size_t k = 0; k < series->bars.size(); ++k) {
      EXPECT_GT(series->bars[k].low, 0);
      EXPECT_GE(series->bars[k].high, series->bars[k].low);
      if (k > 0) {
        EXPECT_GT(series->bars[k].open_time, series->bars[k - 1].open_time);
      }
    }
  }
  EXPECT_GT(refused, 1000);
}

// A plain file cut off anywhere is refused, or says that its last line has no end, or ends at the end of a line.
TEST(LoadRefusal, EveryTruncationIsNoticed) {
  const std::string text = kHeader + "2008-09-16,11,13,10,12,2000\n2008-09-17,12,14,11,13,3000\n";
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto series = ParseBars(text.substr(0, n), "cut.csv");
    if (!series.ok() || text[n - 1] == '\n') continue;
    EXPECT_THAT(series->reports, testing::Contains(HasSubstr("has no line end"))) << n;
  }
}

}  // namespace
}  // namespace hone
