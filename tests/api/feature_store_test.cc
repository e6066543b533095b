// The feature store as a user meets it: registered, filled in pieces and through kills, joined, told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/time.h"
#include "market/synthetic.h"
#include "process/program.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kDefinitions = R"(
features:
  - {name: trend, expression: 'close / ema(close, 20) - 1', tags: [level], description: Far from usual}
  - {name: calm_trend, expression: trend, aggregation: mean, window: 5, fill: zero}
  - {name: up, kind: binary, expression: 'close > close[1]'}
  - {name: swing, expression: 'rolling_std(log(close / close[1]), 22)'}
  - {name: state, kind: embedding, dependencies: [trend, swing]}
)";

constexpr const char* kMomentum =
    "name: momentum\ntarget: return\nfeatures: ['close / ema(close, 20) - 1', rsi_14]\npersistence: rsi_14\n"
    "windows: [0]\nrecipes:\n  - {name: ridge, learner: ridge, features: [rsi_14]}\n";

class FeatureStoreProgram : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(file_) << kDefinitions;
    const Finished done = Features("a", {"register", file_});
    ASSERT_EQ(done.exit_code, 0) << done.errors;
  }
  Finished Features(const std::string& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "features");
    arguments.insert(arguments.end(), {"--dir", folder_ / folder});
    return RunHone(arguments);
  }
  // Bars [begin, end) of a market as a file.
  std::string Bars(int begin, int end) {
    std::string path = folder_ / ("bars" + std::to_string(begin) + ".csv");
    std::ofstream(path) << RunHone({"bars", "--data", "synthetic:break,bars=600", "--skip", std::to_string(begin),
                                    "--first", std::to_string(end - begin)})
                               .output;
    return path;
  }
  static Time SyntheticBar(std::size_t number) {
    return SyntheticMarket({"break", 600}, 0).series().bars[number].open_time;
  }
  // What every feature was at the close of each bar.
  std::string Joined(const std::string& folder, const std::string& rows) {
    const Finished joined = Features(folder, {"join", "--rows", rows, "--entity", "spx"});
    EXPECT_EQ(joined.exit_code, 0) << joined.errors;
    return joined.output;
  }

  TemporaryFolder folder_;
  const std::string file_ = folder_ / "features.yaml";
};

TEST_F(FeatureStoreProgram, PiecesGiveTheTableOfOneGoAndOfCompute) {
  const std::string all = Bars(0, 600);
  ASSERT_EQ(Features("b", {"register", file_}).exit_code, 0);
  ASSERT_EQ(Features("a", {"backfill", "--data", all, "--entity", "spx"}).exit_code, 0);
  for (const auto& [begin, end] : {std::pair(0, 250), std::pair(200, 251), std::pair(251, 600)}) {
    const Finished filled = Features("b", {"backfill", "--data", Bars(begin, end), "--entity", "spx"});
    ASSERT_EQ(filled.exit_code, 0) << filled.errors;
  }
  std::string rows = "time\n";
  std::string expected = "time,calm_trend,swing,trend,up\n";
  const Finished computed = RunHone({"features", "compute", "--data", all, "--dir", folder_ / "a", "--feature",
                                     "calm_trend", "--feature", "swing", "--feature", "trend", "--feature", "up"});
  std::istringstream lines(computed.output);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {  // a bar of this market is a day; its values are known when it has closed
    const Time close = *ParseTime(line.substr(0, line.find(','))) + kDay;
    rows += FormatTime(close) + "\n";
    expected += FormatTime(close) + line.substr(line.find(',')) + "\n";
  }
  const std::string spine = folder_ / "spine.csv";
  std::ofstream(spine) << rows;
  EXPECT_EQ(Joined("a", spine), expected);
  EXPECT_EQ(Joined("b", spine), expected);
}

TEST_F(FeatureStoreProgram, AKilledBackfillGoesOnWithTheSameRows) {
  const std::string market = "synthetic:break,bars=30000";
  ASSERT_EQ(Features("b", {"register", file_}).exit_code, 0);
  ASSERT_EQ(Features("a", {"backfill", "--data", market, "--entity", "spx"}).exit_code, 0);
  int killed = 0;
  for (const int milliseconds : {60, 120, 180, 240}) {
    RunningHone backfill({"features", "backfill", "--data", market, "--entity", "spx", "--dir", folder_ / "b"});
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    killed += backfill.Kill().exit_code == 128 + 9;
  }
  EXPECT_GT(killed, 0);
  ASSERT_EQ(Features("b", {"backfill", "--data", market, "--entity", "spx"}).exit_code, 0);
  const Finished bars = RunHone({"bars", "--data", market});
  const std::string spine = folder_ / "spine.csv";
  std::ofstream(spine) << bars.output;
  const std::string whole = Joined("a", spine);
  EXPECT_GT(whole.size(), 1'000'000U);
  EXPECT_EQ(Joined("b", spine), whole);
}

TEST_F(FeatureStoreProgram, TellsWhatItKnows) {
  const std::string model = folder_ / "model.yaml";
  std::ofstream(model) << kMomentum;
  const std::string series = "synthetic:calm,bars=600";
  const Finished trained = RunHone({"train", "--data", series, "--model", model, "--dir", folder_ / "a"});
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  ASSERT_EQ(Features("a", {"backfill", "--data", series, "--entity", "spx"}).exit_code, 0);

  const auto lineage = ParseJson(Features("a", {"lineage", "trend", "--output", "json"}).output);
  ASSERT_TRUE(lineage.ok());
  EXPECT_EQ(lineage->Find("columns")->items[0].text, "close");
  EXPECT_EQ(lineage->Find("used_by")->items.size(), 2U);
  ASSERT_EQ(lineage->Find("models")->items.size(), 1U) << "the model computes the same formula";
  EXPECT_EQ(lineage->Find("models")->items[0].Find("model")->text, "momentum");
  EXPECT_EQ(lineage->Find("sources")->items[0].Find("bars")->integer, 600);

  const auto stats = ParseJson(Features("a", {"stats", "up", "--output", "json"}).output);
  ASSERT_TRUE(stats.ok());
  const JsonValue& up = stats->Find("features")->items[0];
  EXPECT_EQ(up.Find("count")->integer, 600);
  EXPECT_EQ(up.Find("missing")->integer, 1);
  EXPECT_EQ(up.Find("max")->number, 1);

  EXPECT_THAT(Features("a", {"search", "USUAL"}).output, HasSubstr("trend"));
  EXPECT_THAT(Features("a", {"latest", "--entity", "spx"}).output, HasSubstr("calm_trend"));
  EXPECT_THAT(Features("a", {"show", "state"}).output, HasSubstr("trend, swing"));
  EXPECT_THAT(RunHone({"features", "compute", "--data", series, "--feature", "state", "--feature", "trend * 2", "--dir",
                       folder_ / "a"})
                  .output,
              StartsWith("time,trend@1,swing@1,trend * 2\n"));
}

TEST_F(FeatureStoreProgram, SaysWhatIsWrong) {
  const Finished again = Features("a", {"register", file_});
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  std::ofstream(file_) << "features:\n  - {name: trend, expression: close}\n";
  const Finished changed = Features("a", {"register", file_});
  EXPECT_EQ(changed.exit_code, 2);
  EXPECT_THAT(changed.errors, HasSubstr("features.yaml:2: features[0].name: trend version 1 is defined otherwise"));
  EXPECT_EQ(Features("a", {"stats", "trnd"}).exit_code, 1);
  EXPECT_EQ(Features("a", {"latest", "--entity", "spx"}).exit_code, 1);
  EXPECT_EQ(Features("nowhere", {"search", "a"}).exit_code, 1);
  const std::string spine = folder_ / "spine.csv";
  std::ofstream(spine) << "time\n2020-01-02\n2020-01-01\n";
  EXPECT_EQ(Features("a", {"backfill", "--data", Bars(0, 100), "--entity", "spx"}).exit_code, 0);
  const Finished backwards = Features("a", {"join", "--rows", spine, "--entity", "spx"});
  EXPECT_EQ(backwards.exit_code, 1);
  EXPECT_THAT(backwards.errors, HasSubstr("spine.csv:3"));
  EXPECT_EQ(Features("a", {"join", "--rows", spine, "--entity", "spx", "--recorded-by", "soon"}).exit_code, 2);
}

// What the routes tell is what the commands tell, whichever of them registered it.
TEST_F(FeatureStoreProgram, IsThereOverHttp) {
  ASSERT_EQ(Features("a", {"backfill", "--data", Bars(0, 300), "--entity", "spx"}).exit_code, 0);
  ServingHone server(folder_ / "a");
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  const std::string level = R"({"features":[{"name":"level","expression":"average_50 / close","tags":["level"]},)"
                            R"x({"name":"average_50","expression":"ema(close, 50)"}]})x";
  const auto posted = client.Post("/api/v1/features", level);
  ASSERT_EQ(posted->status, 200) << posted->body;
  EXPECT_EQ(client.Post("/api/v1/features", level)->status, 200) << "present";
  EXPECT_EQ(client.Post("/api/v1/features", R"({"features":[{"name":"level","expression":"close"}]})")->status, 409);
  EXPECT_EQ(
      client.Post("/api/v1/features", R"({"features":[{"name":"b","expression":"close","fill":"backward"}]})")->status,
      409);
  EXPECT_EQ(client.Post("/api/v1/features", R"({"features":[{"name":"No"}]})")->status, 400);

  // A command fills what the server registered, and the server tells it at once.
  ASSERT_EQ(Features("a", {"backfill"}).exit_code, 0);
  const auto latest = ParseJson(client.Get("/api/v1/features/latest/spx")->body);
  ASSERT_TRUE(latest.ok());
  EXPECT_EQ(latest->Find("values")->items.size(), 6U);
  const auto told =
      ParseJson(Features("a", {"latest", "--entity", "spx", "--feature", "level", "--output", "json"}).output);
  for (const JsonValue& value : latest->Find("values")->items) {
    if (value.Find("name")->text != "level") continue;
    EXPECT_EQ(value.Find("value")->number, told->Find("values")->items[0].Find("value")->number);
  }
  EXPECT_EQ(client.Get("/api/v1/features/latest/ndx")->status, 404);
  EXPECT_EQ(client.Get("/api/v1/features/nothing")->status, 404);
  EXPECT_EQ(client.Get("/api/v1/features/Not%20one")->status, 400);
  EXPECT_EQ(ParseJson(client.Get("/api/v1/features?search=LEVEL")->body)->Find("features")->items.size(), 2U);
  EXPECT_EQ(ParseJson(client.Get("/api/v1/features/level@1")->body)->Find("expression")->text, "average_50 / close");
  EXPECT_EQ(ParseJson(client.Get("/api/v1/features/average_50/lineage")->body)->Find("used_by")->items[0].text,
            "level@1");
  const auto stats = ParseJson(client.Get("/api/v1/features/state/stats")->body);
  ASSERT_EQ(stats->Find("features")->items.size(), 2U) << "an embedding's components";
  EXPECT_EQ(stats->Find("features")->items[0].Find("count")->integer, 300);
}

// The newest values as text, whatever answered and whenever they became known.
std::string LatestValues(HttpClient& client, const std::string& level) {
  const auto body = client.Get("/api/v1/features/latest/spx")->body;
  const auto latest = ParseJson(body);
  EXPECT_EQ(latest->Find("level")->text, level) << body;
  std::string values;
  for (const JsonValue& value : latest->Find("values")->items) {
    values += value.Find("name")->text + " " + value.Find("event_time")->text + " " +
              std::to_string(value.Find("value")->number) + "\n";
  }
  return values;
}

TEST_F(FeatureStoreProgram, PostedBarsReachTheStoreAndAreToldFromMemory) {
  ASSERT_EQ(Features("b", {"register", file_}).exit_code, 0);
  ASSERT_EQ(Features("b", {"backfill", "--data", Bars(0, 400), "--entity", "spx"}).exit_code, 0);
  ASSERT_EQ(Features("a", {"backfill", "--data", Bars(0, 300), "--entity", "spx"}).exit_code, 0);
  const std::string bodies = RunHone({"bars", "--data", "synthetic:break,bars=600", "--skip", "300", "--first", "100",
                                      "--instrument", "spx", "--batch", "9", "--output", "json"})
                                 .output;
  ServingHone whole(folder_ / "b");
  HttpClient truth("127.0.0.1", whole.port());
  std::string fed;
  {
    ServingHone server(folder_ / "a");
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    EXPECT_NE(LatestValues(client, "memory"), "") << "restored at the start";
    std::istringstream lines(bodies);
    int values = 0;
    for (std::string body; std::getline(lines, body);) {
      const auto posted = client.Post("/market/bars", body);
      ASSERT_EQ(posted->status, 200) << posted->body;
      values += static_cast<int>(ParseJson(posted->body)->Find("feature_values")->integer);
    }
    EXPECT_EQ(values, 400);
    fed = LatestValues(client, "memory");
    EXPECT_EQ(fed, LatestValues(truth, "memory"));
    const std::string metrics = client.Get("/metrics")->body;
    EXPECT_THAT(metrics, HasSubstr("feature_latest_reads_total{level=\"memory\",result=\"hit\"} 2\n"));
    EXPECT_THAT(metrics, HasSubstr("feature_folds_total 1\n")) << "from the first bar on only after the start";
    server.End(SIGKILL, 5 * kSecond);
  }
  ServingHone server(folder_ / "a");
  HttpClient client("127.0.0.1", server.port());
  EXPECT_EQ(LatestValues(client, "memory"), fed);
  const std::string corrected = R"({"instrument":"spx","bars":[{"time":")" + FormatTime(SyntheticBar(395)) +
                                R"(","open":100,"high":110,"low":90,"close":105,"volume":7}]})";
  for (HttpClient* each : {&client, &truth}) ASSERT_EQ(each->Post("/market/bars", corrected)->status, 200);
  EXPECT_NE(LatestValues(client, "memory"), fed);
  EXPECT_EQ(LatestValues(client, "memory"), LatestValues(truth, "memory"));
}

TEST_F(FeatureStoreProgram, BarsOfAModelReachTheStoreToo) {
  const std::string series = "synthetic:calm,bars=600", model = folder_ / "model.yaml";
  std::ofstream(model) << kMomentum;
  ASSERT_EQ(RunHone({"train", "--data", series, "--model", model, "--dir", folder_ / "a"}).exit_code, 0);
  const auto body = [&series](int skip) {
    return RunHone({"bars", "--data", "synthetic:calm,bars=620", "--skip", std::to_string(skip), "--first", "1",
                    "--instrument", series, "--output", "json"})
        .output;
  };
  ServingHone server(folder_ / "a");
  ASSERT_TRUE(server.running()) << server.errors();
  HttpClient client("127.0.0.1", server.port());
  const auto first = ParseJson(client.Post("/market/bars", body(600))->body);
  EXPECT_EQ(first->Find("feature_values")->integer, 4) << "the model tells how long a bar is";
  EXPECT_EQ(first->Find("predictions")->items.size(), 1U);
  ASSERT_EQ(
      client
          .Post("/api/v1/features", R"({"features":[{"name":"code","kind":"categorical","expression":"close / 7"}]})")
          ->status,
      200);
  const auto second = ParseJson(client.Post("/market/bars", body(601))->body);
  EXPECT_THAT(second->Find("features_refused")->text, HasSubstr("a categorical feature has whole numbers"));
  EXPECT_EQ(second->Find("predictions")->items.size(), 1U) << "the model has its bar all the same";
  EXPECT_EQ(client.Post("/market/bars", body(601))->status, 409) << "a model takes no late bar";
  EXPECT_EQ(client
                .Post("/market/bars",
                      R"({"instrument":"new","bars":[{"time":"2020-01-02","open":1,"high":1,"low":1,"close":1}]})")
                ->status,
            409)
      << "one bar does not tell how far apart they are";
}

}  // namespace
}  // namespace hone
