// What the reader of bars accepts, and what it reports.
#include "market/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "market/packing_for_test.h"

namespace hone {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

BarSeries Parse(const std::string& text, const LoadOptions& options = {}, const std::string& name = "file.csv") {
  auto series = ParseBars(text, name, options);
  EXPECT_TRUE(series.ok()) << series.error().ToString() << "\n" << text;
  return series.ok() ? std::move(series).value() : BarSeries{};
}

Bar FirstBar(const BarSeries& series) { return series.bars.empty() ? Bar{} : series.bars.front(); }

constexpr const char* kPlain =
    "Date,Open,High,Low,Close,Volume\n"
    "2008-09-15,10,12,9,11,1000\n"
    "2008-09-16,11,13,10,12,2000\n"
    "2008-09-17,12,14,11,13,3000\n";

TEST(LoadBars, ReadsAPlainFile) {
  const BarSeries series = Parse(kPlain);
  ASSERT_EQ(series.bars.size(), 3U);
  const Bar& bar = series.bars[1];
  EXPECT_EQ(FormatTime(bar.open_time), "2008-09-16T00:00:00Z");
  EXPECT_EQ(FormatTime(bar.known_at), "2008-09-17T00:00:00Z");
  EXPECT_EQ(bar.open, 11);
  EXPECT_EQ(bar.high, 13);
  EXPECT_EQ(bar.low, 10);
  EXPECT_EQ(bar.close, 12);
  EXPECT_EQ(bar.volume, 2000);
  EXPECT_EQ(series.bar_size, kDay);
  EXPECT_TRUE(series.has_range);
  EXPECT_TRUE(series.has_volume);
  EXPECT_EQ(series.instrument, "file");
  EXPECT_EQ(series.source, "file.csv");
  EXPECT_EQ(series.fingerprint.size(), 64U);
  EXPECT_THAT(series.reports, IsEmpty());
}

class SameBars : public testing::TestWithParam<const char*> {};

TEST_P(SameBars, HaveOneFingerprint) {
  EXPECT_EQ(Parse(GetParam()).fingerprint, Parse(kPlain).fingerprint) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, SameBars,
    testing::Values(
        // any order and case
        "volume,CLOSE,low,HIGH,open,date\n1000,11,9,12,10,2008-09-15\n2000,12,10,13,11,2008-09-16\n"
        "3000,13,11,14,12,2008-09-17\n",
        // Windows line ends, a byte order mark, blanks, m/d/y
        "\xef\xbb\xbf Date , Open,High,Low,Close,Volume\r\n9/15/2008, 10,12,9,11,1000\r\n9/16/2008,11,13,10,12,2000\r\n"
        "09/17/2008,12,14,11,13,3000\r\n\r\n",
        // semicolons, quotes, other names
        "\"<DATE>\";\"<OPEN>\";\"<HIGH>\";\"<LOW>\";\"<CLOSE>\";\"<VOL>\"\n\"20080915\";10;12;9;11;1000\n"
        "20080916;11;13;10;12;2000\n20080917;12;14;11;13;3000\n",
        // tabs, epoch milliseconds, scientific notation
        "timestamp\topen\thigh\tlow\tclose\tvolume\n1221436800000\t1e1\t12.0\t9\t11\t1e3\n"
        "1221523200000\t11\t13\t10\t12\t2000\n1221609600000\t12\t14\t11\t13\t+3000\n",
        // an unnamed first column, columns nobody asked for
        ",Open,High,Low,Close,Volume,Dividends\n2008-09-15,10,12,9,11,1000,\n2008-09-16,11,13,10,12,2000,0.5\n"
        "2008-09-17,12,14,11,13,3000,x\n",
        // no header
        "20080915 00:00,10,12,9,11,1000\n20080916 00:00,11,13,10,12,2000\n20080917 00:00,12,14,11,13,3000\n",
        // date and time of day apart
        "date,time,open,high,low,close,volume\n2008.09.15,00:00,10,12,9,11,1000\n2008.09.16,00:00,11,13,10,12,2000\n"
        "2008.09.17,00:00,12,14,11,13,3000\n",
        // newest first
        "Date,Open,High,Low,Close,Volume\n2008-09-17,12,14,11,13,3000\n2008-09-16,11,13,10,12,2000\n"
        "2008-09-15,10,12,9,11,1000\n",
        // an identical duplicate
        "Date,Open,High,Low,Close,Volume\n2008-09-15,10,12,9,11,1000\n2008-09-16,11,13,10,12,2000\n"
        "2008-09-16,11,13,10,12,2000\n2008-09-17,12,14,11,13,3000\n",
        // a row without values, a last line without end
        "Date,Open,High,Low,Close,Volume\n2008-09-14,null,null,null,null,null\n2008-09-15,10,12,9,11,1000\n"
        "2008-09-16,11,13,10,12,2000\n2008-09-17,12,14,11,13,3000",
        // Adj Close is never used
        "Date,Open,High,Low,Adj Close,Close,Volume\n2008-09-15,10,12,9,5,11,1000\n2008-09-16,11,13,10,6,12,2000\n"
        "2008-09-17,12,14,11,7,13,3000\n"),
    [](const auto& row) { return "spelling" + std::to_string(row.index); });

TEST(LoadBars, NewestFirstIsReported) {
  const BarSeries series = Parse("date,close\n2008-09-16,12\n2008-09-15,11\n");
  EXPECT_EQ(FirstBar(series).close, 11);
  EXPECT_THAT(series.reports, Contains("newest first: order reversed"));
}

TEST(LoadBars, IdenticalDuplicatesAreReported) {
  const BarSeries series = Parse("date,close\n2008-09-15,11\n2008-09-15,11\n2008-09-15,11\n2008-09-16,12\n");
  EXPECT_EQ(series.bars.size(), 2U);
  EXPECT_THAT(series.reports, Contains("identical duplicate bars dropped: 2, first in line 3"));
}

TEST(LoadBars, GapsAreReported) {
  const BarSeries series = Parse(
      "date,close\n2001-09-06,1\n2001-09-07,1\n2001-09-10,2\n2001-09-17,3\n2001-09-18,3\n2001-09-21,3\n2001-09-22,3\n");
  EXPECT_THAT(series.reports, Contains("1 gap of more than 4 days, the longest 7 days from 2001-09-10T00:00:00Z to "
                                       "2001-09-17T00:00:00Z"));
  const BarSeries minutes = Parse(
      "date,close\n2001-09-10 09:00,1\n2001-09-10 09:01,2\n2001-09-10 09:03,3\n2001-09-10 09:04,3\n2001-09-10 09:07,3\n"
      "2001-09-10 09:08,3\n");
  EXPECT_EQ(minutes.bar_size, 60 * kSecond);
  EXPECT_THAT(minutes.reports, Contains(HasSubstr("2 gaps of more than 90 seconds, the longest 3 minutes")));
}

TEST(LoadBars, CloseOutsideTheRangeIsReportedNotRefused) {
  const BarSeries series = Parse("date,open,high,low,close\n2008-09-15,10,12,9,13\n2008-09-16,8,12,9,10\n");
  EXPECT_THAT(series.reports, Contains("close outside [low, high] in bars: 1, the first at 2008-09-15T00:00:00Z"));
  EXPECT_THAT(series.reports, Contains("open outside [low, high] in bars: 1, the first at 2008-09-16T00:00:00Z"));
}

TEST(LoadBars, TwoColumnsAreCloseOnlyAndDotsAreMissing) {
  const BarSeries series = Parse("DATE,DCOILWTICO\n1986-01-02,25.56\n1986-01-03,.\n1986-01-06,26.53\n");
  ASSERT_EQ(series.bars.size(), 2U);
  EXPECT_FALSE(series.has_range);
  EXPECT_FALSE(series.has_volume);
  const Bar bar = series.bars[1];
  EXPECT_THAT((std::vector<double>{bar.open, bar.high, bar.low, bar.close}), ElementsAre(26.53, 26.53, 26.53, 26.53));
  EXPECT_THAT(series.reports, Contains("rows without a value skipped: 1, first in line 3"));
  EXPECT_THAT(series.reports, Contains("close only: no high and low"));
}

TEST(LoadBars, VolumeOfZeroThroughoutMeansNone) {
  const BarSeries series = Parse("date,open,high,low,close,volume\n2008-09-15,10,12,9,11,0\n2008-09-16,10,12,9,11,0\n");
  EXPECT_FALSE(series.has_volume);
  EXPECT_THAT(series.reports, Contains("volume is 0 or missing throughout: none"));
  EXPECT_FALSE(Parse("date,open,high,low,close,volume\n2008-09-15,10,12,9,11,\n").has_volume);
}

TEST(LoadBars, AdjustedCloseScalesTheBarWhenAskedFor) {
  const std::string text = "Date,Open,High,Low,Close,Adj Close\n2008-09-15,10,12,8,10,5\n";
  EXPECT_THAT(Parse(text).reports, Contains("column 'Adj Close' is not used"));
  const BarSeries series = Parse(text, {.use_adjusted_close = true});
  const Bar bar = FirstBar(series);
  EXPECT_THAT((std::vector<double>{bar.open, bar.high, bar.low, bar.close}), ElementsAre(5, 6, 4, 5));
  EXPECT_THAT(series.reports, Not(Contains(HasSubstr("not used"))));
}

TEST(LoadBars, TheCloseColumnCanBeChosen) {
  const std::string text = "Time Period,1month,10year\n1990-01-02,,0.0794\n1990-01-03,,0.0799\n";
  const BarSeries series = Parse(text, {.close_column = "10year"});
  EXPECT_FALSE(series.has_range);
  EXPECT_EQ(FirstBar(series).close, 0.0794);
}

TEST(LoadBars, TimeOfDayTheHeaderDoesNotNameIsRead) {
  const BarSeries series = Parse(
      "Date,Open,High,Low,Close,Volume\n2006-01-02,09:01:00,3602,3603,3597,3599,5699\n"
      "2006-01-02,09:02:00,3600,3601,3598,3599,894\n");
  EXPECT_EQ(FormatTime(FirstBar(series).open_time), "2006-01-02T09:01:00Z");
  EXPECT_EQ(FirstBar(series).volume, 5699);
  EXPECT_THAT(series.reports, Contains("rows hold a time of day after the date that the header does not name"));
}

TEST(LoadBars, ALastLineWithoutEndIsReportedUnlessAChecksumVouchesForIt) {
  const std::string text = "date,close\n2008-09-15,11\n2008-09-16,12.3";
  EXPECT_THAT(Parse(text).reports, Contains(HasSubstr("the last line (3) has no line end")));
  EXPECT_THAT(Parse(GzipForTest(text)).reports, Not(Contains(HasSubstr("no line end"))));
}

TEST(LeanZip, IntegerPricesAreTenThousandths) {
  const std::string text =
      "19980102 00:00,973100,975300,965300,973600,2150000\n19980105 00:00,978400,984400,967800,977500,4";
  const BarSeries series = Parse(ZipForTest({{"spy.csv", text}}), {}, "data/equity/spy.zip");
  const Bar bar = FirstBar(series);
  EXPECT_EQ(series.instrument, "spy");
  EXPECT_THAT((std::vector<double>{bar.open, bar.high, bar.low, bar.close}), ElementsAre(97.31, 97.53, 96.53, 97.36));
  EXPECT_EQ(bar.volume, 2150000);
  EXPECT_THAT(series.reports, Contains("integer prices read as 1/10000 (LEAN's form of equities)"));
  EXPECT_EQ(FirstBar(Parse(ZipForTest({{"spy.csv", text}}), {.price_scale = 1})).open, 973100);
  EXPECT_EQ(FirstBar(Parse(text)).open, 973100);
}

TEST(LeanZip, DecimalPricesAndDecimalFoldersStay) {
  const std::string decimal = "20131001 00:00,125.99,126.49,125.99,126.49,9.3\n20131001 01:00,126,127,126,126,2\n";
  EXPECT_EQ(FirstBar(Parse(ZipForTest({{"btcusd.csv", decimal}}))).open, 125.99);
  const std::string whole = "20131001 00:00,1323,1324,1322,1323,1\n";
  EXPECT_EQ(FirstBar(Parse(ZipForTest({{"gc.csv", whole}}), {}, "lean/future/gc.zip")).open, 1323);
}

TEST(LeanZip, TwoSidedQuotesBecomeMidBars) {
  const std::string text =
      "20070330 00:00,1.0,3.0,0.5,2.0,7,1.5,3.5,1.0,2.5,9\n20070401 00:00,1,3,0.5,2,0,,,,,\n"
      "20070402 00:00,1,3,0.5,2,0,2,4,1,3,0\n";
  const BarSeries series = Parse(ZipForTest({{"eurusd.csv", text}}));
  ASSERT_EQ(series.bars.size(), 2U);
  const Bar bar = series.bars[0];
  EXPECT_THAT((std::vector<double>{bar.open, bar.high, bar.low, bar.close}), ElementsAre(1.25, 3.25, 0.75, 2.25));
  EXPECT_FALSE(series.has_volume);
  EXPECT_THAT(series.reports, Contains("quotes: mid of bid and ask, no volume"));
  EXPECT_THAT(series.reports, Contains("rows quoted on one side only skipped: 1, first in line 2"));
}

TEST(LeanZip, MillisecondsSinceMidnightCountFromTheDateInTheName) {
  const std::string text =
      "34200000,1676500,1676600,1676400,1676500,200\n34260000,1676200,1676300,1676100,1676200,300\n";
  const BarSeries series = Parse(ZipForTest({{"20131004_spy_minute_trade.csv", text}}));
  EXPECT_EQ(FormatTime(FirstBar(series).open_time), "2013-10-04T09:30:00Z");
  EXPECT_EQ(series.bar_size, 60 * kSecond);
}

TEST(LoadBars, ReadsAFileByPath) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "hone_load_test.2.csv.gz";
  std::ofstream(path, std::ios::binary) << GzipForTest(kPlain);
  const auto series = LoadBars(path.string());
  std::filesystem::remove(path);
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  EXPECT_EQ(series->fingerprint, Parse(kPlain).fingerprint);
  EXPECT_EQ(series->source, path.string());
  EXPECT_EQ(series->instrument, "hone_load_test");
}

}  // namespace
}  // namespace hone
