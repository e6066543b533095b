// Training rows and live rows are the same to the bit, and nothing looks ahead.
#include "features/build_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "features/feature_set.h"
#include "features/targets/move_target.h"
#include "market/synthetic.h"

namespace hone {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kNames{"log_range_1", "log_range_5", "log_range_22",
                                      "rsi_14",      "macd",        "return_5_scaled"};

BarSeries Series(int bars = 400) { return SyntheticMarket({"break", bars}, 31).series(); }

BarSeries Prefix(BarSeries series, std::size_t bars) {
  series.bars.resize(bars);
  return series;
}

Dataset Build(const BarSeries& series, const std::string& target = "volatility", int horizon = 5) {
  auto data = BuildDataset(series, kNames, target, horizon);
  EXPECT_TRUE(data.ok()) << data.error().ToString();
  return data.ok() ? std::move(data).value() : Dataset{};
}

bool SameBits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

TEST(BuildDataset, HasARowForEveryBarThatIsWarmAndLabelled) {
  const BarSeries series = Series();
  const Dataset data = Build(series);
  const std::size_t warmup = 26, horizon = 5;
  ASSERT_EQ(data.rows(), 400 - warmup + 1 - horizon);
  ASSERT_EQ(data.x.size(), data.rows() * data.width());
  ASSERT_EQ(data.time.size(), data.rows());
  ASSERT_EQ(data.label_time.size(), data.rows());
  EXPECT_EQ(data.names, kNames);
  for (std::size_t r = 0; r < data.rows(); ++r) {
    EXPECT_EQ(data.time[r], series.bars[warmup - 1 + r].known_at);
    EXPECT_EQ(data.label_time[r], series.bars[warmup - 1 + r + horizon].known_at);
    EXPECT_TRUE(std::isfinite(data.y[r]));
  }
}

TEST(BuildDataset, EqualsTheStreamToTheBit) {
  const BarSeries series = Series();
  const Dataset data = Build(series);
  auto set = FeatureSet::Make(kNames, TraitsOf(series));
  ASSERT_TRUE(set.ok());
  auto target = MakeTarget("volatility", 5, TraitsOf(series));
  ASSERT_TRUE(target.ok());
  std::vector<double> row(kNames.size());
  std::size_t live = 0, labels = 0;
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    if (set->Update(series.bars[i], row) && live < data.rows()) {
      EXPECT_TRUE(SameBits(row, data.row(live))) << i;
      ++live;
    }
    const auto label = (*target)->Update(series.bars[i]);
    EXPECT_EQ(label.has_value(), i >= 5);
    if (label && i >= 25 + 5) {
      EXPECT_EQ(*label, data.y[labels++]) << i;
    }
  }
  EXPECT_EQ(live, data.rows());
  EXPECT_EQ(labels, data.rows());
}

TEST(BuildDataset, APrefixGivesTheSameRows) {
  const BarSeries series = Series();
  const Dataset whole = Build(series);
  for (const std::size_t bars : {31U, 100U, 399U}) {
    const Dataset part = Build(Prefix(series, bars));
    ASSERT_EQ(part.rows(), bars - 30);
    EXPECT_EQ(Fingerprint(part, 0, part.rows()), Fingerprint(whole, 0, part.rows()));
  }
}

// Changing the future changes neither features nor labels that were known before it.
TEST(BuildDataset, TheFutureDoesNotReachBack) {
  const BarSeries series = Series();
  BarSeries changed = series;
  for (std::size_t i = 200; i < 400; ++i) changed.bars[i].high *= 1.5;
  const Dataset before = Build(series), after = Build(changed);
  for (std::size_t r = 0; r < before.rows(); ++r) {
    const std::size_t bar = 25 + r;
    if (bar < 200) {
      EXPECT_TRUE(SameBits(before.row(r), after.row(r))) << bar;
    }
    if (bar + 5 < 200) {
      EXPECT_EQ(before.y[r], after.y[r]) << bar;
    } else {
      EXPECT_NE(before.y[r], after.y[r]) << bar;
    }
  }
}

TEST(BuildDataset, VolatilityIsTheLogRangeFeatureOfTheHorizonLater) {
  const Dataset data = Build(Series());
  for (std::size_t r = 0; r + 5 < data.rows(); ++r) EXPECT_EQ(data.y[r], data.row(r + 5)[1]);
}

TEST(BuildDataset, ReturnIsThatOfTheNextBars) {
  const BarSeries series = Series();
  const Dataset data = Build(series, "return", 3);
  for (std::size_t r = 0; r < data.rows(); ++r) {
    EXPECT_EQ(data.y[r], std::log(series.bars[25 + r + 3].close / series.bars[25 + r].close));
  }
}

TEST(BuildDataset, DirectionIsTheSignOfTheReturnOfTheNextBars) {
  const BarSeries series = Series();
  const Dataset data = Build(series, "direction", 3), returns = Build(series, "return", 3);
  double ones = 0;
  for (std::size_t r = 0; r < data.rows(); ++r) {
    EXPECT_EQ(data.y[r], returns.y[r] > 0 ? 1.0 : 0.0);
    ones += data.y[r];
  }
  EXPECT_TRUE(ones > 0 && ones < static_cast<double>(data.rows()));
}

// The formula of the header once more, over the whole series at once.
TEST(BuildDataset, MoveIsTheReturnOfTheNextBarsInUnitsOfTheVolatilityBefore) {
  const BarSeries series = Series();
  const Dataset data = Build(series, "move", 3), returns = Build(series, "return", 3);
  double counts[3] = {0, 0, 0};
  for (std::size_t r = 0; r < data.rows(); ++r) {
    double sum = 0;
    for (std::size_t k = 0; k < 22; ++k) {
      sum += std::pow(std::log(series.bars[25 + r - k].close / series.bars[25 + r - k - 1].close), 2);
    }
    const double scaled = returns.y[r] / std::sqrt(3 * sum / 22);
    EXPECT_EQ(data.y[r], scaled > 0.430727 ? 2 : scaled < -0.430727 ? 0 : 1) << r << ": " << scaled;
    ++counts[static_cast<std::size_t>(data.y[r])];
  }
  for (const double count : counts) EXPECT_GT(count, 0.15 * static_cast<double>(data.rows()));
}

TEST(BuildDataset, MovesOfTheFirstBarsAreJudgedByTheReturnsThereAre) {
  MoveTarget target(1);
  const auto label = [&target](double close) {
    Bar bar;
    bar.close = close;
    return target.Update(bar);
  };
  EXPECT_FALSE(label(100));
  EXPECT_EQ(label(101), 2.0);    // no return before: any move counts
  EXPECT_EQ(label(101.1), 1.0);  // 0.1 % after one of 1 %
  EXPECT_EQ(label(101.1), 1.0);
  EXPECT_EQ(label(95), 0.0);
}

TEST(BuildDataset, CloseOnlySeriesUseSquaredReturns) {
  BarSeries series = Series(100);
  series.has_range = false;
  const Dataset data = Build(series, "volatility", 2);
  const std::size_t first = 25;
  const auto squared = [&](std::size_t i) {
    return std::pow(std::log(series.bars[i].close / series.bars[i - 1].close), 2);
  };
  EXPECT_NEAR(data.y[0], std::log((squared(first + 1) + squared(first + 2)) / 2), 1e-12);
}

TEST(BuildDataset, AShortSeriesHasNoRows) {
  for (const std::size_t bars : {0U, 1U, 25U, 30U}) EXPECT_EQ(Build(Prefix(Series(), bars)).rows(), 0U) << bars;
  EXPECT_EQ(Build(Prefix(Series(), 31)).rows(), 1U);
}

TEST(BuildDataset, RefusesUnknownTargetsAndHorizons) {
  const auto target = BuildDataset(Series(), kNames, "volatilty", 5);
  ASSERT_FALSE(target.ok());
  EXPECT_THAT(target.error().ToString(), HasSubstr("did you mean volatility?"));
  for (const int horizon : {-1, 0, 1001}) EXPECT_FALSE(BuildDataset(Series(), kNames, "return", horizon).ok());
  EXPECT_FALSE(BuildDataset(Series(), {"nonsense"}, "return", 1).ok());
}

TEST(Dataset, SliceIsAPartAndTheFingerprintSeesEverything) {
  const Dataset data = Build(Series());
  const Dataset part = Slice(data, 10, 20);
  ASSERT_EQ(part.rows(), 10U);
  EXPECT_TRUE(SameBits(part.row(3), data.row(13)));
  EXPECT_EQ(part.y[3], data.y[13]);
  EXPECT_EQ(part.label_time[3], data.label_time[13]);
  EXPECT_EQ(Fingerprint(part, 0, 10), Fingerprint(data, 10, 20));
  EXPECT_NE(Fingerprint(data, 10, 20), Fingerprint(data, 10, 21));
  EXPECT_EQ(Slice(data, 5, 5).rows(), 0U);

  const std::string hash = Fingerprint(part, 0, 10);
  Dataset changed = part;
  changed.x[7] = std::nextafter(changed.x[7], 1e9);
  EXPECT_NE(Fingerprint(changed, 0, 10), hash);
  changed = part;
  changed.y[7] += 1;
  EXPECT_NE(Fingerprint(changed, 0, 10), hash);
  changed = part;
  changed.label_time[7] += 1;
  EXPECT_NE(Fingerprint(changed, 0, 10), hash);
  changed = part;
  changed.names[0] = "other";
  EXPECT_NE(Fingerprint(changed, 0, 10), hash);
}

TEST(BuildDataset, TakesAnExpressionAsTheTarget) {
  const SyntheticMarket market({"calm", 300}, 2);
  const std::vector<std::string> features = {"log_range_5", "log(close / close[5])"};
  const auto expected = BuildDataset(market.series(), features, "return", 5);
  const auto made = BuildDatasetOfExpression(market.series(), features, "log(close / close[5])", 5);
  ASSERT_TRUE(expected.ok() && made.ok());
  EXPECT_EQ(made->time, expected->time);
  EXPECT_EQ(made->label_time, expected->label_time);
  EXPECT_EQ(made->x, expected->x);
  ASSERT_EQ(made->rows(), expected->rows());
  for (std::size_t i = 0; i < made->rows(); ++i) EXPECT_NEAR(made->y[i], expected->y[i], 1e-15);
}

TEST(BuildDataset, LeavesOutRowsWhoseExpressionHasNoValue) {
  const SyntheticMarket market({"calm", 300}, 2);
  const auto made = BuildDatasetOfExpression(market.series(), {"close"}, "log(close - close[1])", 3);
  ASSERT_TRUE(made.ok());
  EXPECT_GT(made->rows(), 50U);
  EXPECT_LT(made->rows(), 250U) << "falls have no logarithm";
  EXPECT_EQ(made->x.size(), made->rows());
  const std::vector<Bar>& bars = market.series().bars;
  std::size_t row = 0;
  for (std::size_t i = 1; i + 3 < bars.size(); ++i) {
    const double change = bars[i + 3].close - bars[i + 2].close;
    if (change <= 0) continue;
    EXPECT_EQ(made->x[row], bars[i].close);
    EXPECT_EQ(made->y[row], std::log(change));
    EXPECT_EQ(made->time[row++], bars[i].known_at);
  }
  EXPECT_EQ(row, made->rows());
}

}  // namespace
}  // namespace hone
