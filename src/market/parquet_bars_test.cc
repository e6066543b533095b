// Files written by Apache Arrow's Python package (tests/reference/make_parquet_bars.py), and what must be refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <functional>

#include "base/files.h"
#include "columnar/parquet_file.h"
#include "market/bar_check.h"
#include "market/load.h"

namespace hone {
namespace {

using testing::Contains;
using testing::HasSubstr;

const std::string kFolder = HONE_SOURCE_DIR "/tests/reference/parquet_bars/";

class ParquetBars : public testing::Test {
 protected:
  void SetUp() override {
    if (!ProbeParquet().ok()) GTEST_SKIP() << ProbeParquet().error().ToString();
  }
  static std::string Bytes(const std::string& name) { return *ReadFile(kFolder + name, 1 << 20); }
  static std::string Refusal(const std::string& name) {
    const auto series = ParseBars(Bytes(name), name);
    return series.ok() ? "accepted" : series.error().ToString();
  }
};

TEST_F(ParquetBars, EqualThoseOfTheCsvToTheBitHoweverTheyAreStored) {
  const auto text = LoadBars(kFolder + "bars.csv");
  ASSERT_TRUE(text.ok()) << text.error().ToString();
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("bars_")) continue;
    ++files;
    const auto series = LoadBars(entry.path());
    ASSERT_TRUE(series.ok()) << series.error().ToString();
    EXPECT_EQ(series->fingerprint, text->fingerprint) << name;
    EXPECT_EQ(series->bars.size(), 40U) << name;
    EXPECT_EQ(series->reports, text->reports) << name;
    EXPECT_EQ(series->instrument, entry.path().stem()) << name;
  }
  EXPECT_EQ(files, 10);
}

TEST_F(ParquetBars, NullsAreMissingAsEmptyFieldsAre) {
  const auto series = ParseBars(Bytes("missing_rows.parquet"), "missing");
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  EXPECT_EQ(series->bars.size(), 38U);
  EXPECT_FALSE(series->has_volume);
  EXPECT_THAT(series->reports, Contains("rows without a value skipped: 2, first in row 4"));
  EXPECT_EQ(Refusal("missing_low.parquet"), "missing_low.parquet: low: row 19: the value is missing");
  EXPECT_THAT(Refusal("missing_time.parquet"), HasSubstr("missing_time.parquet: time: row 2: 'null' is no time"));
}

TEST_F(ParquetBars, WrongColumnsAreNamed) {
  EXPECT_THAT(Refusal("wrong_decimal.parquet"), HasSubstr("close: Decimal(precision=12, scale=2) is not read"));
  EXPECT_THAT(Refusal("wrong_list.parquet"), HasSubstr("close.list.element: a nested column is not read"));
  EXPECT_THAT(Refusal("wrong_group.parquet"), HasSubstr("bar.close: a nested column is not read"));
  EXPECT_THAT(Refusal("wrong_price_is_time.parquet"), HasSubstr("close: Timestamp("));
  EXPECT_THAT(Refusal("wrong_price_is_time.parquet"), HasSubstr("expected prices"));
  EXPECT_THAT(Refusal("wrong_time_is_fraction.parquet"), HasSubstr("time: DOUBLE: expected a timestamp"));
  EXPECT_EQ(Refusal("wrong_no_close.parquet"),
            "wrong_no_close.parquet: close: no such column; the file has 'time', 'closing', 'other'");
  EXPECT_THAT(Refusal("wrong_empty.parquet"), HasSubstr("the file holds no bars"));
}

TEST_F(ParquetBars, WrongRowsAreNamed) {
  EXPECT_EQ(Refusal("wrong_text.parquet"), "wrong_text.parquet: close: row 31: 'dear' is no number");
  EXPECT_EQ(Refusal("wrong_nan.parquet"), "wrong_nan.parquet: close: row 40: must be a finite price above 0, is nan");
  EXPECT_THAT(Refusal("wrong_order.parquet"), HasSubstr("time: row 3: 2019-01-03"));
  EXPECT_THAT(Refusal("wrong_order.parquet"), HasSubstr("in row 2: bars must be oldest first"));
  EXPECT_THAT(Refusal("wrong_far_time.parquet"), HasSubstr("time: row 2: the time lies outside the years"));
  EXPECT_THAT(Refusal("wrong_long_text.parquet"), HasSubstr("close: row 1: a text of 300 bytes, more than 256"));
}

TEST_F(ParquetBars, OptionsCountAsForText) {
  LoadOptions options;
  options.close_column = "ticker";
  EXPECT_FALSE(ParseBars(Bytes("bars_us_utc_zstd_groups.parquet"), "x", options).ok());
  options.close_column = "open";
  const auto series = ParseBars(Bytes("bars_ns_snappy.parquet"), "x", options);
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  for (const Bar& bar : series->bars) EXPECT_EQ(bar.close, bar.open);
  options.max_bytes = 100;
  EXPECT_FALSE(ParseBars(Bytes("bars_ns_snappy.parquet"), "x", options).ok());
}

TEST_F(ParquetBars, AFileCutAnywhereIsRefused) {
  const std::string bytes = Bytes("bars_ns_snappy.parquet");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto series = ParseBars(std::string_view(bytes).substr(0, size), "cut");
    ASSERT_FALSE(series.ok()) << size;
    ASSERT_FALSE(series.error().message.empty());
  }
}

// Its pages carry checksums; elsewhere a changed byte may leave a file that says something else, never an unsound
// series.
TEST_F(ParquetBars, AChangedByteNeverPassesForOtherPrices) {
  const std::string bytes = Bytes("bars_ns_snappy.parquet");
  const auto whole = ParseBars(bytes, "x");
  ASSERT_TRUE(whole.ok());
  std::string changed = bytes;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    changed[i] = static_cast<char>(bytes[i] ^ 0x41);
    const auto series = ParseBars(changed, "x");
    changed[i] = bytes[i];
    refused += series.ok() ? 0 : 1;
    if (!series.ok()) continue;
    for (const Bar& bar : series->bars) ASSERT_TRUE(CheckBar(bar).ok()) << i;
  }
  EXPECT_GT(refused, bytes.size() / 3);
}

}  // namespace
}  // namespace hone
