// Each indicator against its definition worked out by hand or written out plainly, and against published values.
#include "features/bar_features/bar_features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "market/synthetic.h"

namespace hone {
namespace {

Bar CloseBar(double close, double volume = 1) {
  return {
      .open_time = 0, .known_at = kDay, .open = close, .high = close, .low = close, .close = close, .volume = volume};
}

double Last(FeaturePointer feature, const std::vector<Bar>& bars) {
  double value = 0;
  for (const Bar& bar : bars) value = feature->Update(bar);
  return value;
}

std::vector<Bar> Bars() { return SyntheticMarket({"calm", 200}, 21).series().bars; }

std::vector<double> Closes(const std::vector<Bar>& bars, std::size_t newest) {
  std::vector<double> closes;
  for (std::size_t i = bars.size() - newest; i < bars.size(); ++i) closes.push_back(bars[i].close);
  return closes;
}

TEST(PriceReturn, IsTheSimpleReturn) { EXPECT_DOUBLE_EQ(Last(MakePriceReturn({}), {CloseBar(8), CloseBar(10)}), 0.25); }

TEST(PriceMomentum, IsTheChangeOverTenBars) {
  std::vector<Bar> bars;
  for (int i = 0; i < 12; ++i) bars.push_back(CloseBar(100 + i));
  EXPECT_DOUBLE_EQ(Last(MakePriceMomentum({}), bars), 111.0 / 101.0 - 1);
}

TEST(PriceVolatility, IsTheSampleDeviationOfTwentyReturns) {
  const auto closes = Closes(Bars(), 21);
  double mean = 0, squares = 0;
  for (std::size_t i = 1; i <= 20; ++i) mean += (closes[i] / closes[i - 1] - 1) / 20;
  for (std::size_t i = 1; i <= 20; ++i) squares += std::pow(closes[i] / closes[i - 1] - 1 - mean, 2);
  EXPECT_NEAR(Last(MakePriceVolatility({}), Bars()), std::sqrt(squares / 19), 1e-15);
}

TEST(VolumeRatio, IsTheVolumeOverItsMean) {
  std::vector<Bar> bars(19, CloseBar(1, 100));
  bars.push_back(CloseBar(1, 500));
  EXPECT_DOUBLE_EQ(Last(MakeVolumeRatio({}), bars), 500.0 / 120.0);
}

TEST(RelativeStrength, KnowsItsExtremes) {
  std::vector<Bar> up, down, flat;
  for (int i = 0; i < 40; ++i) {
    up.push_back(CloseBar(100 + i));
    down.push_back(CloseBar(100 - i));
    flat.push_back(CloseBar(100));
  }
  EXPECT_EQ(Last(MakeRelativeStrength14({}), up), 100);
  EXPECT_EQ(Last(MakeRelativeStrength14({}), down), 0);
  EXPECT_EQ(Last(MakeRelativeStrength14({}), flat), 50);
}

TEST(BollingerPosition, IsTheClosesPlaceInTheBand) {
  const auto closes = Closes(Bars(), 20);
  double mean = 0, squares = 0;
  for (const double close : closes) mean += close / 20;
  for (const double close : closes) squares += (close - mean) * (close - mean);
  const double half = 2 * std::sqrt(squares / 20);
  EXPECT_NEAR(Last(MakeBollingerPosition({}), Bars()), (closes.back() - (mean - half)) / (2 * half), 1e-12);
}

TEST(Calendar, IsThatOfTheBarsOpen) {
  Bar bar = CloseBar(1);
  bar.open_time = ParseTime("2008-09-15T09:30:00Z").value();  // a Monday
  EXPECT_EQ(MakeHourOfDay({})->Update(bar), 9);
  EXPECT_EQ(MakeDayOfWeek({})->Update(bar), 0);
  bar.open_time = ParseTime("1950-01-01T23:59:59Z").value();  // a Sunday, before the epoch
  EXPECT_EQ(MakeHourOfDay({})->Update(bar), 23);
  EXPECT_EQ(MakeDayOfWeek({})->Update(bar), 6);
}

TEST(LogRange, IsParkinsonsVariance) {
  Bar bar = CloseBar(1);
  bar.low = 1;
  bar.high = std::exp(0.1);
  EXPECT_NEAR(Last(MakeLogRange<1>({}), {bar}), std::log(0.01 / (4 * std::log(2.0))), 1e-12);
  EXPECT_NEAR(Last(MakeLogRange<5>({}), {bar, bar, bar, bar, bar}), std::log(0.01 / (4 * std::log(2.0))), 1e-12);
}

TEST(LogRange, IsFlooredAndUsesClosesWhereThereIsNoRange) {
  EXPECT_DOUBLE_EQ(Last(MakeLogRange<1>({}), {CloseBar(3)}), std::log(1e-10));
  const std::vector<Bar> bars = Bars();
  const SeriesTraits closes{.has_range = false, .has_volume = true};
  EXPECT_EQ(Last(MakeLogRange<22>(closes), bars), Last(MakeLogRealised<22>({}), bars));
}

TEST(LogRealised, IsTheMeanSquaredReturn) {
  const auto closes = Closes(Bars(), 6);
  double sum = 0;
  for (std::size_t i = 1; i < 6; ++i) sum += std::pow(std::log(closes[i] / closes[i - 1]), 2);
  EXPECT_NEAR(Last(MakeLogRealised<5>({}), Bars()), std::log(sum / 5), 1e-12);
}

TEST(Ratios, AreDifferencesOfLevelsAndFreeOfScale) {
  const auto bars = Bars();
  const auto level = [&](FeaturePointer feature) { return Last(std::move(feature), bars); };
  EXPECT_DOUBLE_EQ(level(MakeRangeRatio<5, 22>({})), level(MakeLogRange<5>({})) - level(MakeLogRange<22>({})));
  EXPECT_DOUBLE_EQ(level(MakeRangeRatio<22, 66>({})), level(MakeLogRange<22>({})) - level(MakeLogRange<66>({})));
  EXPECT_DOUBLE_EQ(level(MakeRealisedRatio<5, 22>({})), level(MakeLogRealised<5>({})) - level(MakeLogRealised<22>({})));
}

TEST(ScaledMoves, AreInUnitsOfVolatility) {
  const auto bars = Bars();
  const double sigma = std::exp(Last(MakeLogRange<22>({}), bars) / 2);
  const auto closes = Closes(bars, 22);
  EXPECT_NEAR(Last(MakeScaledReturn<5>({}), bars), std::log(closes[21] / closes[16]) / (sigma * std::sqrt(5.0)), 1e-12);
  double drop = 0;
  for (std::size_t i = 0; i < 22; ++i) {
    for (std::size_t j = i; j < 22; ++j) drop = std::max(drop, std::log(closes[i] / closes[j]));
  }
  EXPECT_NEAR(Last(MakeScaledMaxDrop22({}), bars), drop / (sigma * std::sqrt(22.0)), 1e-12);
}

TEST(DownShare, IsTheFallingPartOfTheSquaredReturns) {
  const auto closes = Closes(Bars(), 23);
  double down = 0, all = 0;
  for (std::size_t i = 1; i < 23; ++i) {
    const double move = std::log(closes[i] / closes[i - 1]);
    all += move * move;
    down += move < 0 ? move * move : 0;
  }
  EXPECT_NEAR(Last(MakeDownShare22({}), Bars()), down / all, 1e-12);
}

// Wilder's own smoothing and the plain start, on the closes of a published table: StockCharts' RSI example (cs-rsi.xls)
// gives 70.53, 66.32, 66.55, 69.41, 66.36 for bars 15 to 19.
TEST(RelativeStrength, MatchesAPublishedTable) {
  const double closes[] = {44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826,
                           45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222};
  const double expected[] = {70.53, 66.32, 66.55, 69.41, 66.36};
  const auto feature = MakeRelativeStrength14({});
  for (int i = 0; i < 19; ++i) {
    const double value = feature->Update(CloseBar(closes[i]));
    if (i >= 14) {
      EXPECT_NEAR(value, expected[i - 14], 0.005) << i;
    }
  }
}

}  // namespace
}  // namespace hone
