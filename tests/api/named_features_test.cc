// A model that learns from registered features, through the program: train, serve, retrain, restart, replay, lineage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "process/program.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kTrend = "features:\n  - {name: trend, expression: 'close / ema(close, 20) - 1'}\n";
constexpr const char* kSwing = "  - {name: swing, expression: 'rolling_std(log(close / close[1]), 22)'}\n";
constexpr const char* kTrend2 = "features:\n  - {name: trend, version: 2, expression: 'close / ema(close, 50) - 1'}\n";

class NamedFeatures : public testing::Test {
 protected:
  void SetUp() override {
    Register(std::string(kTrend) + kSwing);
    std::ofstream(series_) << RunHone({"bars", "--data", "synthetic:calm,bars=600", "--first", "500"}).output;
  }
  void Register(const std::string& yaml) {
    const std::string file = folder_ / "features.yaml";
    std::ofstream(file) << yaml;
    const Finished done = RunHone({"features", "register", file, "--dir", state_});
    ASSERT_EQ(done.exit_code, 0) << done.errors;
  }
  std::string Model(const std::string& name, const std::string& feature) {
    std::string path = folder_ / (name + ".yaml");
    std::ofstream(path) << "name: " << name << "\ntarget: return\nfeatures: [" << feature
                        << ", 'swing * 100', rsi_14]\npersistence: rsi_14\nwindows: [0]\nrecipes:\n"
                        << "  - {name: ridge, learner: ridge, features: [" << feature << ", 'swing * 100']}\n";
    return path;
  }
  Finished Train(const std::string& name, const std::string& feature) {
    return RunHone({"train", "--data", series_, "--model", Model(name, feature), "--dir", state_});
  }
  JsonValue Json(const std::vector<std::string>& arguments) {
    const Finished done = RunHone(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.errors;
    return ParseJson(done.output).value();
  }
  // Posts bar `number` of the market; what the prediction was made from.
  JsonValue Predicted(HttpClient& client, int number) {
    const std::string body = RunHone({"bars", "--data", "synthetic:calm,bars=600", "--skip", std::to_string(number),
                                      "--first", "1", "--instrument", "series", "--output", "json"})
                                 .output;
    const auto posted = client.Post("/market/bars", body);
    EXPECT_EQ(posted->status, 200) << posted->body;
    const std::string id = ParseJson(posted->body)->Find("predictions")->items.at(0).Find("prediction_id")->text;
    return ParseJson(client.Get("/predictions/" + id)->body).value();
  }
  // `hone features compute` of the market: the value of a feature at bar `number`.
  double Computed(const std::string& feature, int number) {
    const std::string csv =
        RunHone({"features", "compute", "--data", "synthetic:calm,bars=600", "--feature", feature, "--dir", state_})
            .output;
    std::istringstream lines(csv);
    std::string line;
    for (int i = 0; i <= number + 1; ++i) std::getline(lines, line);
    return std::stod(line.substr(line.find(',') + 1));
  }
  void ExpectBar(HttpClient& client, int number) {
    const JsonValue made = Predicted(client, number);
    const JsonValue* features = made.Find("features");
    ASSERT_NE(features, nullptr);
    ASSERT_NE(features->Find("trend@1"), nullptr);
    EXPECT_EQ(features->Find("trend@1")->number, Computed("trend@1", number)) << "bar " << number;
    EXPECT_EQ(features->Find("swing * 100")->number, Computed("swing * 100", number)) << "bar " << number;
  }
  static void AwaitJob(HttpClient& client) {
    for (int i = 0; i < 600; ++i) {
      if (client.Get("/models/named/jobs")->body.find("\"succeeded\"") != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL() << client.Get("/models/named/jobs")->body;
  }

  TemporaryFolder folder_;
  const std::string state_ = folder_ / "state", series_ = folder_ / "series.csv";
};

TEST_F(NamedFeatures, AreTrainedServedRetrainedAndKept) {
  const Finished trained = Train("named", "trend");
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.errors, Not(HasSubstr("trend")));
  EXPECT_THAT(RunHone({"models", "show", "named", "--dir", state_}).output,
              HasSubstr("registered:\n  - name: 'trend@1'\n"));
  {
    ServingHone server(state_);
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    ExpectBar(client, 500);
    ASSERT_EQ(client.Post("/models/named/retrain", "")->status, 200);
    AwaitJob(client);
    ASSERT_EQ(client
                  .Post("/api/v1/features", R"x({"features":[{"name":"trend","version":2,)x"
                                            R"x("expression":"close / ema(close, 50) - 1"}]})x")
                  ->status,
              200);
    ExpectBar(client, 501);
    const auto lineage = ParseJson(client.Get("/api/v1/features/trend@1/lineage")->body);
    ASSERT_FALSE(lineage->Find("models")->items.empty());
    EXPECT_EQ(lineage->Find("models")->items[0].Find("model")->text, "named");
    EXPECT_EQ(lineage->Find("models")->items[0].Find("feature")->text, "trend@1");
    server.End(SIGKILL, 5 * kSecond);
  }
  {
    ServingHone server(state_);
    ASSERT_TRUE(server.running()) << server.errors();
    EXPECT_THAT(server.errors(), HasSubstr("trend@1 has a newer version, 2"));
    HttpClient client("127.0.0.1", server.port());
    ExpectBar(client, 502);
  }
  const Finished again = Train("named", "trend");
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_THAT(again.errors, HasSubstr("named.yaml: trend@1 has a newer version, 2"));
  const JsonValue first = Json({"features", "lineage", "trend@1", "--dir", state_, "--output", "json"});
  EXPECT_GE(first.Find("models")->items.size(), 2U) << "every version";
  EXPECT_TRUE(
      Json({"features", "lineage", "trend@2", "--dir", state_, "--output", "json"}).Find("models")->items.empty());
  EXPECT_THAT(RunHone({"features", "lineage", "swing", "--dir", state_}).output,
              HasSubstr("named 1.0.0 (active) as swing * 100"));
  const Finished moved = Train("named", "trend@2");
  EXPECT_EQ(moved.exit_code, 1);
  EXPECT_THAT(moved.errors, HasSubstr("give the model another name"));
}

TEST_F(NamedFeatures, ANewModelTakesTheNewestThatIsNotDeprecated) {
  Register(kTrend2);
  ASSERT_EQ(Train("second", "trend").exit_code, 0);
  EXPECT_THAT(RunHone({"models", "show", "second", "--dir", state_}).output, HasSubstr("features: ['trend@2', "));
  std::string deprecated = kTrend2;
  deprecated.insert(deprecated.find("expression"), "deprecated: true, ");
  Register(deprecated);
  ASSERT_EQ(Train("third", "trend").exit_code, 0);
  EXPECT_THAT(RunHone({"models", "show", "third", "--dir", state_}).output, HasSubstr("features: ['trend@1', "));
  const Finished fourth = Train("fourth", "trend@2");
  EXPECT_EQ(fourth.exit_code, 0) << fourth.errors;
  EXPECT_THAT(fourth.errors, HasSubstr("fourth.yaml: trend@2 is deprecated"));
}

TEST_F(NamedFeatures, AreReplayedAndWeighedByTheSameNames) {
  const std::vector<std::string> replay = {"replay", "--data", series_,    "--model", Model("named", "trend"),
                                           "--dir",  state_,   "--output", "json"};
  const Finished once = RunHone(replay), twice = RunHone(replay);
  EXPECT_EQ(once.exit_code, 0) << once.errors;
  EXPECT_EQ(once.output, twice.output);
  ASSERT_EQ(Train("named", "trend").exit_code, 0);
  const Finished weighed =
      RunHone({"features", "importance", "--model", "named", "--data", "synthetic:calm,bars=600", "--dir", state_});
  EXPECT_EQ(weighed.exit_code, 0) << weighed.errors;
  EXPECT_THAT(weighed.output, HasSubstr("trend@1"));
}

TEST_F(NamedFeatures, AreToldApartWhereTheyAreUnknown) {
  const Finished unknown = Train("named", "trned");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("named.yaml:3: features: trned: "));
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean trend?"));
  const Finished elsewhere =
      RunHone({"replay", "--data", series_, "--model", Model("named", "trend"), "--dir", folder_ / "elsewhere"});
  EXPECT_EQ(elsewhere.exit_code, 2);
  EXPECT_THAT(elsewhere.errors, HasSubstr("named.yaml:3: features: trend"));
}

}  // namespace
}  // namespace hone
