#include "engine/bar_feed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/testing/ridge_market.h"

namespace hone {
namespace {

bool SameBits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

// Bar by bar the feed makes the rows and labels that BuildDataset makes of the whole series.
void ExpectTheDataset(const ModelDefinition& model, const BarSeries& series) {
  const Dataset data = RowsOf(series, model);
  ASSERT_GT(data.rows(), 50u);
  auto feed = BarFeed::Make(model, TraitsOf(series));
  ASSERT_TRUE(feed.ok()) << feed.error().ToString();
  std::size_t asked = 0, matured = 0;
  for (const Bar& bar : series.bars) {
    const BarFeed::Step step = feed->Update(bar);
    if (step.label) {
      ASSERT_LT(matured, data.rows());
      ASSERT_EQ(*step.label, data.y[matured]) << "row " << matured;
      ASSERT_EQ(bar.known_at, data.label_time[matured]) << "row " << matured;
      ++matured;
    }
    if (!step.ready) continue;
    if (asked < data.rows()) {
      ASSERT_EQ(bar.known_at, data.time[asked]) << "row " << asked;
      ASSERT_TRUE(SameBits(step.features, data.row(asked))) << "row " << asked;
    }
    ++asked;
  }
  EXPECT_EQ(matured, data.rows());
  EXPECT_EQ(asked, data.rows() + static_cast<std::size_t>(model.horizon)) << "the newest rows have no label yet";
}

TEST(BarFeed, GivesTheRowsOfTheDataset) { ExpectTheDataset(VolatilityModel(), Market("break", 400, 1).series()); }

TEST(BarFeed, GivesTheRowsOfTheDatasetAtOtherHorizons) {
  for (const int horizon : {1, 22, 60}) {
    ModelDefinition model = VolatilityModel();
    model.horizon = horizon;
    ExpectTheDataset(model, Market("calm", 300, 2).series());
  }
}

TEST(BarFeed, GivesTheRowsOfACloseOnlySeries) {
  BarSeries series = Market("calm", 300, 3).series();
  series.has_range = false;
  for (Bar& bar : series.bars) bar.open = bar.high = bar.low = bar.close;
  ExpectTheDataset(VolatilityModel(), series);
}

TEST(BarFeed, GivesTheRowsOfTheDatasetForExpressions) {
  ModelDefinition model = VolatilityModel();
  for (const char* expression : {"zscore(close / ema(close, 20) - 1, 50)", "macd(close, 12, 26, 9).macdhist",
                                 "if(close > close[5], rsi(close, 14), log(volume))"}) {
    model.features.emplace_back(expression);
  }
  ExpectTheDataset(model, Market("break", 400, 4).series());
}

TEST(BarFeed, RefusesWhatItDoesNotKnow) {
  ModelDefinition model = VolatilityModel();
  model.features.push_back("log_rnage_5");
  const auto feature = BarFeed::Make(model, {});
  ASSERT_FALSE(feature.ok());
  EXPECT_NE(feature.error().ToString().find("log_range_5"), std::string::npos) << "a suggestion";
  model = VolatilityModel();
  model.target = "moon_phase";
  EXPECT_FALSE(BarFeed::Make(model, {}).ok());
}

}  // namespace
}  // namespace hone
