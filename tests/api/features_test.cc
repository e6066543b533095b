// hone features as a user meets it, and features by expression through training and serving.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/files.h"
#include "columnar/parquet_file.h"
#include "features/build_dataset.h"
#include "features/feature_rows.h"
#include "features/feature_set.h"
#include "market/synthetic.h"
#include "process/program.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kSeries = "synthetic:break,bars=600";

Finished Compute(std::vector<std::string> features, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"features", "compute", "--data", kSeries};
  for (std::string& feature : features) {
    arguments.emplace_back("--feature");
    arguments.push_back(std::move(feature));
  }
  arguments.insert(arguments.end(), more.begin(), more.end());
  return RunHone(arguments);
}

TEST(Features, ComputeWritesTheNumbersToTheBit) {
  const std::vector<std::string> names{"zscore(close / ema(close, 20) - 1, 50)", "macd(close,12,26,9).macd", "rsi_14",
                                       "log(close - open)"};
  const Finished computed = Compute(names);
  ASSERT_EQ(computed.exit_code, 0) << computed.errors;
  EXPECT_THAT(computed.output, testing::StartsWith("time,\"zscore(close / ema(close, 20) - 1, 50)\","
                                                   "\"macd(close,12,26,9).macd\",rsi_14,log(close - open)\n"));
  const std::vector<Bar> bars = SyntheticMarket({"break", 600}, 0).series().bars;
  auto set = FeatureSet::Make(names, {});
  ASSERT_TRUE(set.ok());
  auto rows = FeatureRows::Open(computed.output, "computed", names, names.size());
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  std::vector<double> read(names.size()), known(names.size());
  for (const Bar& bar : bars) {
    set->Update(bar, known);
    const auto next = rows->Next(read);
    ASSERT_TRUE(next.ok() && *next);
    for (std::size_t i = 0; i < names.size(); ++i) {
      ASSERT_TRUE(read[i] == known[i] || (read[i] != read[i] && known[i] != known[i])) << names[i];
    }
  }
  EXPECT_FALSE(*rows->Next(read)) << "one row a bar";
}

TEST(Features, ComputeWritesJson) {
  const Finished computed = Compute({"close[1]", "close"}, {"--output", "json"});
  ASSERT_EQ(computed.exit_code, 0) << computed.errors;
  const auto json = ParseJson(computed.output);
  ASSERT_TRUE(json.ok()) << json.error().ToString();
  EXPECT_EQ(json->Find("columns")->items[1].text, "close[1]");
  const auto& rows = json->Find("rows")->items;
  ASSERT_EQ(rows.size(), 600U);
  EXPECT_TRUE(rows[0].items[1].is_null());
  EXPECT_EQ(rows[1].items[1].number, rows[0].items[2].number);
}

// The values of one column of a Parquet file, NaN where there is none.
std::vector<double> ColumnOf(const std::string& bytes, std::size_t index) {
  auto reader = ParquetReader::Open(bytes, "computed", {});
  EXPECT_TRUE(reader.ok()) << reader.error().ToString();
  EXPECT_TRUE(reader->Choose({index}).ok());
  std::vector<double> values;
  std::vector<ColumnBlock> blocks(1);
  while (const std::size_t rows = *reader->Next(blocks)) {
    for (std::size_t i = 0; i < rows; ++i) values.push_back(blocks[0].present[i] != 0 ? blocks[0].numbers[i] : NAN);
  }
  return values;
}

TEST(Features, ComputeWritesParquetToTheBit) {
  if (!ProbeParquet().ok()) GTEST_SKIP() << ProbeParquet().error().ToString();
  const TemporaryFolder folder;
  const std::string file = folder / "features.parquet";
  const std::vector<std::string> names{"zscore(close / ema(close, 20) - 1, 50)", "log(close - open)"};
  const Finished computed = Compute(names, {"--output", "parquet", "--output-file", file});
  ASSERT_EQ(computed.exit_code, 0) << computed.errors;
  EXPECT_EQ(computed.output, "");
  const std::string bytes = *ReadFile(file, 1 << 20);
  EXPECT_EQ(Compute(names, {"--output", "parquet"}).output, bytes) << "into a pipe the same";
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(std::filesystem::path(file).parent_path()), {}), 1);

  auto set = FeatureSet::Make(names, {});
  std::vector<std::vector<double>> known(names.size());
  std::vector<double> row(names.size());
  const SyntheticMarket market({"break", 600}, 0);
  for (const Bar& bar : market.series().bars) {
    set->Update(bar, row);
    for (std::size_t i = 0; i < names.size(); ++i) known[i].push_back(row[i]);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_THAT(ColumnOf(bytes, i + 1), testing::Pointwise(testing::NanSensitiveDoubleEq(), known[i])) << names[i];
    EXPECT_EQ(ParquetReader::Open(bytes, "computed", {})->columns()[i + 1].name, names[i]);
  }
}

TEST(Features, BarsMayBeParquet) {
  if (!ProbeParquet().ok()) GTEST_SKIP() << ProbeParquet().error().ToString();
  const std::string folder = HONE_SOURCE_DIR "/tests/reference/parquet_bars/";
  const auto compute = [&](const std::string& bars) {
    return RunHone({"features", "compute", "--data", folder + bars, "--feature", "ema(close, 5) / open"});
  };
  const Finished parquet = compute("bars_us_utc_zstd_groups.parquet");
  EXPECT_EQ(parquet.exit_code, 0) << parquet.errors;
  EXPECT_EQ(parquet.output, compute("bars.csv").output);
  const Finished wrong = compute("wrong_text.parquet");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.errors, HasSubstr("wrong_text.parquet: close: row 31: 'dear' is no number"));
}

TEST(Features, AProgramWithoutParquetSaysSo) {
  const TemporaryFolder folder;
  setenv("HONE_PARQUET_LIBRARY", "/nowhere/libhone_parquet.so", 1);
  const Finished doctor = RunHone({"doctor", "--dir", folder / "none"});
  const Finished computed = Compute({"close"}, {"--output", "parquet", "--output-file", folder / "x.parquet"});
  unsetenv("HONE_PARQUET_LIBRARY");
  EXPECT_EQ(doctor.exit_code, 0) << doctor.errors;
  EXPECT_THAT(doctor.output, HasSubstr("left out: Parquet's library"));
  EXPECT_EQ(computed.exit_code, 1);
  EXPECT_THAT(computed.errors, HasSubstr("/nowhere/libhone_parquet.so"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x.parquet"));
}

TEST(Features, WrongUseExitsWithTwo) {
  const Finished unknown = Compute({"emma(close, 3)"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors,
              HasSubstr("hone: expression:1:1: emma(close, 3): 'emma' is no function; did you mean 'ema'?"));
  EXPECT_EQ(Compute({"close"}, {"--output", "xlsx"}).exit_code, 2);
  EXPECT_EQ(Compute({}).exit_code, 2);
  EXPECT_EQ(Compute({"close", "close"}).exit_code, 2);
  EXPECT_EQ(RunHone({"features", "compute", "--data", "/nowhere.csv", "--feature", "close"}).exit_code, 1);
}

TEST(Features, DefinitionsComeFromAFile) {
  const TemporaryFolder folder;
  const std::string file = folder / "features.yaml";
  std::ofstream(file) << "features:\n  - {name: gap, expression: log(close - open), fill: zero}\n"
                         "  - {name: wide, expression: 'gap > 0'}\n";
  const Finished all = Compute({}, {"--features", file});
  EXPECT_THAT(all.output, testing::StartsWith("time,gap,wide\n")) << all.errors;
  EXPECT_EQ(Compute({"gap * 2"}, {"--features", file}).exit_code, 0);
  const Finished shown = RunHone({"features", "show", "wide", "--features", file});
  EXPECT_THAT(shown.output, HasSubstr("coalesce(log(close - open), 0) > 0")) << shown.errors;
  std::ofstream(file) << "features:\n  - {name: gap, expression: gap + 1}\n";
  const Finished circle = Compute({"gap"}, {"--features", file});
  EXPECT_EQ(circle.exit_code, 2);
  EXPECT_THAT(circle.errors, HasSubstr("features.yaml:2: features[0].expression: is made of itself: gap -> gap"));
}

TEST(Features, ListAndShowTellWhatThereIs) {
  const auto list = ParseJson(RunHone({"features", "list", "--output", "json"}).output);
  ASSERT_TRUE(list.ok());
  const auto& indicators = list->Find("indicators")->items;
  ASSERT_GE(indicators.size(), 5U);
  std::vector<std::string> examples;
  for (const JsonValue& indicator : indicators) {
    EXPECT_FALSE(indicator.Find("example_warmup_bars")->is_null()) << indicator.Find("name")->text;
    examples.push_back(indicator.Find("example")->text);
  }
  EXPECT_EQ(Compute(examples).exit_code, 0) << "each example is a call";
  EXPECT_THAT(RunHone({"features", "list"}).output, AllOf(HasSubstr("rsi_14"), HasSubstr("rolling_mean(x, n)")));
  const auto shown = ParseJson(RunHone({"features", "show", "ema( Close,2*10)-1", "--output", "json"}).output);
  ASSERT_TRUE(shown.ok());
  EXPECT_EQ(shown->Find("canonical")->text, "ema(close, 20) - 1");
  EXPECT_EQ(shown->Find("warmup_bars")->integer, 20);
  EXPECT_EQ(shown->Find("definition")->text.size(), 64U);
  EXPECT_THAT(RunHone({"features", "show", "macd(close,12,26,9)"}).errors, HasSubstr("name one"));
  EXPECT_EQ(RunHone({"features", "show", "nonsense"}).exit_code, 2);
}

TEST(Features, CheckTellsWarmupMissingAndRedundancy) {
  const Finished checked =
      RunHone({"features", "check", "--data", kSeries, "--feature", "sma(close, 20)", "--feature", "ema(close, 20)",
               "--feature", "log(close - open)", "--feature", "ema(close, 20) * 2", "--output", "json"});
  ASSERT_EQ(checked.exit_code, 0) << checked.errors;
  const auto json = ParseJson(checked.output);
  ASSERT_TRUE(json.ok());
  const auto& features = json->Find("features")->items;
  EXPECT_EQ(features[0].Find("warmup_bars")->integer, 20);
  EXPECT_GT(features[1].Find("settled_bars")->integer, 100) << "an exponential average forgets slowly";
  EXPECT_GT(features[2].Find("missing_share")->number, 0.2);
  EXPECT_EQ(features[3].Find("missing_share")->number, 0);
  EXPECT_THAT(checked.output, HasSubstr("\"rank_correlation\": 1\n"));
}

TEST(Features, CheckTellsWhetherFeaturesKeepTheirDistribution) {
  const auto check = [](const std::string& series) {
    return ParseJson(
        RunHone({"features", "check", "--data", series, "--seed", "3", "--feature", "log(close / close[1])",
                 "--feature", "log(high / low)", "--feature", "close", "--cuts", "1", "--output", "json"})
            .output);
  };
  const auto stability = [](const Result<JsonValue>& checked, std::size_t i) {
    return checked->Find("features")->items[i].Find("stability");
  };
  const auto calm = check("synthetic:calm,bars=3000"), broken = check("synthetic:break,bars=3000");
  ASSERT_TRUE(calm.ok() && broken.ok());
  EXPECT_EQ(stability(calm, 0)->Find("status")->text, "ok");
  EXPECT_EQ(stability(calm, 0)->Find("windows_judged")->integer, 1);
  EXPECT_EQ(stability(calm, 1)->Find("status")->text, "ok");
  EXPECT_EQ(stability(broken, 1)->Find("status")->text, "drift");
  EXPECT_THAT(stability(broken, 1)->Find("largest_shift_from")->text, testing::StartsWith("20"));
  EXPECT_EQ(stability(calm, 2)->Find("status")->text, "no_data") << "prices have no level to compare";
  EXPECT_GT(stability(calm, 2)->Find("needed_bars")->integer, 3000);
  const Finished few =
      RunHone({"features", "check", "--data", "synthetic:calm,bars=100", "--feature", "sma(close, 120)"});
  EXPECT_THAT(few.output, HasSubstr("no_data")) << few.errors;
}

TEST(Features, CheckHoldsALogAgainstTheBars) {
  const TemporaryFolder folder;
  const std::string log = folder / "log.csv";
  const std::vector<std::string> names{"macd(close, 12, 26, 9).macdhist", "log(close - open)"};
  const std::string logged = Compute(names).output;
  const auto check = [&](const std::string& text, std::vector<std::string> more = {}) {
    std::ofstream(log) << text;
    std::vector<std::string> arguments{"features", "check", "--data",    kSeries,  "--cuts",    "1",
                                       "--log",    log,     "--feature", names[0], "--feature", names[1]};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunHone(arguments);
  };
  const Finished same = check(logged);
  EXPECT_EQ(same.exit_code, 0) << same.errors;
  EXPECT_THAT(same.output, HasSubstr("log: 600 rows compared, all with the same bits"));

  const std::size_t line = logged.find('\n', logged.size() / 2) + 1;
  const std::size_t cell = logged.find(',', line) + 1;
  std::string changed = logged;
  const std::size_t end = changed.find(',', cell);
  changed[end - 1] = changed[end - 1] == '1' ? '2' : '1';
  const Finished skewed = check(changed, {"--output", "json"});
  EXPECT_EQ(skewed.exit_code, 1);
  EXPECT_THAT(skewed.errors, HasSubstr(names[0] + ": " + logged.substr(line, cell - 1 - line)));
  EXPECT_THAT(skewed.errors, HasSubstr("was logged with another value than the bars give"));
  const auto json = ParseJson(skewed.output);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->Find("skew")->Find("different")->Find(names[0])->integer, 1);
  EXPECT_EQ(json->Find("skew")->Find("first")->Find("feature")->text, names[0]);

  EXPECT_THAT(check("time,\"" + names[0] + "\"\n1999-01-01,1\n").errors,
              HasSubstr("no row whose time is that of a bar"));
  EXPECT_THAT(check("time,other\n1999-01-01,1\n").errors, HasSubstr("log.csv:1: " + names[0]));
}

constexpr const char* kModel = R"(
name: momentum
target: return
features: ['close / lag(close, 1) - 1', 'zscore(close / ema(close, 20) - 1, 50)', 'macd(close, 12, 26, 9).macdhist', rsi_14]
persistence: 'close / lag(close, 1) - 1'
windows: [0]
recipes:
  - {name: ridge, learner: ridge, features: ['zscore(close / ema(close, 20) - 1, 50)', rsi_14]}
)";

// What `hone features compute` tells of the bars is what the server, fed the same bars, logs with its predictions.
TEST(Features, AModelOfExpressionsIsTrainedAndServedWithTheSameBits) {
  const TemporaryFolder folder;
  const std::string series = "synthetic:calm,bars=600";
  const std::string state = folder / "state";
  std::ofstream(folder / "model.yaml") << kModel;
  const Finished trained = RunHone({"train", "--data", series, "--model", folder / "model.yaml", "--dir", state});
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  const std::string bars = RunHone({"bars", "--data", "synthetic:calm,bars=620", "--skip", "600", "--instrument",
                                    series, "--output", "json"})
                               .output;
  ServingHone server(state);
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  const auto posted = client.Post("/market/bars", bars);
  ASSERT_EQ(posted->status, 200) << posted->body;
  const auto predictions = ParseJson(posted->body);
  ASSERT_EQ(predictions->Find("predictions")->items.size(), 20U) << posted->body;

  const std::vector<std::string> names{"close / lag(close, 1) - 1", "zscore(close / ema(close, 20) - 1, 50)",
                                       "macd(close, 12, 26, 9).macdhist", "rsi_14"};
  auto set = FeatureSet::Make(names, {});
  std::vector<double> row(names.size());
  std::size_t next = 0;
  const std::vector<Bar> all = SyntheticMarket({"calm", 620}, 0).series().bars;
  for (std::size_t bar = 0; bar < all.size(); ++bar) {
    set->Update(all[bar], row);
    if (bar < 600) continue;
    const std::string id = predictions->Find("predictions")->items[next++].Find("prediction_id")->text;
    const auto logged = ParseJson(client.Get("/predictions/" + id)->body);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const JsonValue* value = logged->Find("features")->Find(names[i]);
      ASSERT_NE(value, nullptr) << names[i];
      ASSERT_EQ(value->number, row[i]) << names[i] << " at " << bar;
    }
  }
  const auto answer = client.Post(
      "/predict/single",
      R"json({"model":"momentum","features":{"close / lag(close, 1) - 1":0.1,"zscore(close / ema(close, 20) - 1, 50)":1,)json"
      R"json("macd(close, 12, 26, 9).macdhist":0,"rsi_14":50}})json");
  EXPECT_EQ(answer->status, 200) << answer->body;
}

}  // namespace
}  // namespace hone
