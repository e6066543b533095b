// Experiments on live traffic as their user meets them: an A/B test of several challengers over a kill, and canaries
// that the running program stops by what it sees of their requests.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "process/program.h"
#include "serving/router.h"
#include "storage/testing/temporary_folder.h"
#include "wire/http_client.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string WriteTo(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

JsonValue Json(const Result<HttpAnswer>& answer) {
  EXPECT_TRUE(answer.ok() && answer->status == 200) << (answer.ok() ? answer->body : answer.error().ToString());
  return answer.ok() ? ParseJson(answer->body).value() : JsonValue();
}

// Of an XGBoost stump over features a and b: 0.5 + the first where b < 0.5, else 0.5 + the second.
std::string Stump(double first, double second) {
  return fmt::format(
      R"({{"learner":{{"attributes":{{}},"feature_names":["a","b"],"gradient_booster":{{"name":"gbtree","model":{{)"
      R"("tree_info":[0],"trees":[{{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"default_left":[0,0,0],)"
      R"("split_indices":[1,0,0],"split_conditions":[0.5,{},{}],"tree_param":{{"size_leaf_vector":"0"}}}}]}}}},)"
      R"("learner_model_param":{{"base_score":"5E-1","num_feature":"2"}},"objective":{{"name":"reg:squarederror"}}}},)"
      R"("version":[2,1,0]}})",
      first, second);
}

// "mine": 1.0.0 (active) is good, 1.1.0 better, 1.2.0 bad at what is 1 where b < 0.5, else 2.
class SeveralVersions : public testing::Test {
 protected:
  struct Known {
    double low = 0, high = 0;  // its answers where b < 0.5, and else
    double share = 0;
    int answered = 0;
    double reward = 0;  // what it would have earned, had it answered everything
  };

  void SetUp() override {
    for (const auto& [version, known] : versions_) {
      const std::string file = WriteTo(folder_ / "model.json", Stump(known.low - 0.5, known.high - 0.5));
      ASSERT_EQ(
          RunHone({"models", "register", "mine", "--file", file, "--dir", state_, "--version", version}).exit_code, 0);
    }
    ASSERT_EQ(RunHone({"models", "promote", "mine", "1.0.0", "--dir", state_}).exit_code, 0);
  }
  // Splits the traffic, asks for `rows` rows that are drawn each by itself, and tells their outcomes.
  void Run(int rows) {
    ServingHone server(state_);
    ASSERT_TRUE(server.running()) << server.errors();
    HttpClient client("127.0.0.1", server.port());
    const JsonValue split =
        Json(client.Post("/models/ab-test", R"({"model":"mine","split":{"1.0.0":0.4,"1.1.0":0.35,"1.2.0":0.25}})"));
    id_ = split.Find("ab_test")->Find("id")->text;
    Random random(21);
    std::string body;
    std::vector<double> outcomes;
    for (int i = 0; i < rows; ++i) {
      const bool high = random.Uniform() < 0.5;
      body += fmt::format("{}[1,{}]", i == 0 ? "" : ",", high ? 0.75 : 0.25);
      outcomes.push_back((high ? 2 : 1) + 0.3 * random.Normal());
      for (auto& [version, known] : versions_) {
        const double error = (high ? known.high : known.low) - outcomes.back();
        known.reward -= error * error / rows;
      }
    }
    const JsonValue answers = Json(client.Post("/predict/batch", R"({"model":"mine","rows":[)" + body + "]}"));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      Known& known = versions_.at(answers.Find("versions")->items.at(i).text);
      ++known.answered;
      EXPECT_NEAR(answers.Find("propensities")->items.at(i).number, known.share, 1e-12);
      const std::string prediction = answers.Find("prediction_ids")->items.at(i).text;
      Json(client.Post("/outcomes", fmt::format(R"({{"prediction_id":"{}","value":{}}})", prediction, outcomes[i])));
    }
    EXPECT_EQ(server.End(SIGKILL, 5 * kSecond), 128 + SIGKILL);
  }

  TemporaryFolder folder_;
  std::string state_ = folder_ / "state", id_;
  std::map<std::string, Known> versions_ = {
      {"1.0.0", {0.75, 2, 0.4}}, {"1.1.0", {1, 2, 0.35}}, {"1.2.0", {2, 1, 0.25}}};
};

// What was acknowledged is there after the kill: every arm's counts, and what each version would have earned alone.
TEST_F(SeveralVersions, AreComparedAndEvaluatedFromTheLiveLogAfterAKill) {
  constexpr int kRows = 800;
  Run(kRows);
  const auto shown = ParseJson(RunHone({"experiment", "show", id_, "--dir", state_, "--output", "json"}).output);
  ASSERT_TRUE(shown.ok());
  ASSERT_EQ(shown->Find("arms")->items.size(), 3U);
  const JsonValue& split = shown->Find("splits")->items.at(0);
  for (std::size_t i = 0; i < 3; ++i) {
    const JsonValue& arm = shown->Find("arms")->items[i];
    const Known& known = versions_.at(arm.Find("version")->text);
    EXPECT_EQ(arm.Find("answered")->integer, known.answered);
    EXPECT_EQ(arm.Find("outcomes")->integer, known.answered);
    EXPECT_NEAR(known.answered, kRows * known.share, 5 * std::sqrt(kRows * known.share * (1 - known.share)));
    EXPECT_EQ(split.Find("arms")->items.at(i).Find("units")->integer, known.answered);
  }
  EXPECT_FALSE(split.Find("mismatch")->Find("proven")->boolean);
  ASSERT_EQ(shown->Find("estimates")->items.size(), 2U) << "each challenger beside the champion";
  EXPECT_LT(shown->Find("estimates")->items[1].Find("mean_gain")->number, 0) << "1.2.0";
  EXPECT_THAT(RunHone({"experiment", "show", id_, "--dir", state_}).output,
              AllOf(HasSubstr("mean squared error"), HasSubstr("1.2.0")));
  for (const auto& [version, known] : versions_) {
    const Finished finished = RunHone(
        {"experiment", "evaluate", "--experiment", id_, "--dir", state_, "--always", version, "--output", "json"});
    ASSERT_EQ(finished.exit_code, 0) << finished.errors;
    const auto evaluated = ParseJson(finished.output);
    ASSERT_TRUE(evaluated.ok()) << finished.output;
    EXPECT_EQ(evaluated->Find("rows")->integer, kRows);
    EXPECT_EQ(evaluated->Find("pending")->integer, 0);
    ASSERT_EQ(evaluated->Find("estimates")->items.size(), 2U);
    for (const JsonValue& estimate : evaluated->Find("estimates")->items) {
      const JsonValue& policy = *estimate.Find("policy");
      EXPECT_NEAR(policy.Find("value")->number, known.reward, 5 * policy.Find("standard_error")->number) << version;
    }
  }
}

TEST_F(SeveralVersions, EvaluationTellsWhatIsMissing) {
  const auto refusal = [this](std::vector<std::string> more) {
    more.insert(more.begin(), {"experiment", "evaluate", "--dir", state_});
    const Finished finished = RunHone(more);
    EXPECT_THAT(finished.exit_code, testing::AnyOf(1, 2)) << finished.output;
    return finished.errors;
  };
  EXPECT_THAT(refusal({}), HasSubstr("--data or --experiment"));
  EXPECT_THAT(refusal({"--experiment", "first", "--always", "1.0.0"}), HasSubstr("--experiment"));
  const std::string unknown = "01900000-0000-7000-8000-000000000000";
  EXPECT_THAT(refusal({"--experiment", unknown}), HasSubstr("--always VERSION"));
  EXPECT_THAT(refusal({"--experiment", unknown, "--always", "1.0.0"}), HasSubstr("there is no experiment"));
}

// A linear model of nothing, and a forest that is better and takes far longer to answer.
constexpr const char* kBlindAndForest = R"(
name: volatility
features: [log_range_1, log_range_5, log_range_22, return_1_scaled]
persistence: log_range_22
horizon: 1
windows: [0]
recipes:
  - {name: blind, learner: ridge, features: [return_1_scaled]}
  - name: forest
    learner: lightgbm
    features: [log_range_1, log_range_5, log_range_22]
    parameters: {trees: 100, leaves: 256, min_leaf_rows: 5, learning_rate: 0.02, max_bin: 255}
)";
constexpr const char* kSeries = "synthetic:calm,bars=1500";
constexpr int kTrainedBars = 1500, kBarsAtOnce = 50;

// A server whose champion is the blind version, by a person's word: sooner or later its loop releases the forest.
class LiveCanary : public testing::Test {
 protected:
  void SetUp() override {
    const std::string model = WriteTo(folder_ / "model.yaml", kBlindAndForest);
    const Finished trained = RunHone({"train", "--data", kSeries, "--model", model, "--dir", state_});
    ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  }
  // No version is made anew, persistence never answers, and a step lasts `step` requests.
  std::string PolicyOf(int step, double latency_budget_ms) {
    return WriteTo(folder_ / "policy.yaml",
                   fmt::format("version: 1\nretraining:\n  growth: 10\n  loss_ratio: 100\n  drift_loss_ratio: 100\n"
                               "  standing_loss_ratio: 1000\nrollout:\n  freeze_rows: 1000000\n  step_predictions: {}\n"
                               "  step_minutes: 0\n  latency_budget_ms: {}\n",
                               step, latency_budget_ms));
  }
  void Serve(const std::string& folder, const std::string& policy) {
    client_.reset();
    server_ = std::make_unique<ServingHone>(folder, std::vector<std::string>{"--policy", policy});
    ASSERT_TRUE(server_->running()) << server_->errors();
    client_ = std::make_unique<HttpClient>("127.0.0.1", server_->port());
  }
  // By recipe, once the first job has made the version of the other one.
  std::map<std::string, std::string> Versions() {
    std::map<std::string, std::string> by_recipe;
    for (int i = 0; i < 3000 && by_recipe.size() < 2; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const JsonValue all = Json(client_->Get("/models/volatility/versions"));
      for (const JsonValue& version : all.Find("versions")->items) {
        by_recipe.try_emplace(version.Find("recipe")->text, version.Find("version")->text);
      }
    }
    return by_recipe;
  }
  std::string Row() {
    const auto level = [this] { return -9 + random_.Normal(); };
    return fmt::format("[{},{},{},{}]", level(), level(), level(), random_.Normal());
  }
  JsonValue Ask(const std::string& key = "") {
    const std::string of_key = key.empty() ? "" : R"(,"key":")" + key + '"';
    return Json(client_->Post("/predict/single", R"({"model":"volatility","features":)" + Row() + of_key + "}"));
  }
  JsonValue Rollout() { return Json(client_->Get("/api/v1/rollouts/volatility")); }
  std::string State() { return Rollout().Find("state")->text; }
  JsonValue Newest(const char* kind) {
    const JsonValue log = Json(client_->Get(std::string("/models/volatility/decisions?kind=") + kind));
    return log.Find("decisions")->items.empty() ? JsonValue() : log.Find("decisions")->items.back();
  }
  // Bars until the forest is proven better, then requests until it answers a tenth of them.
  void BeginCanary(int step) {
    versions_ = Versions();
    ASSERT_EQ(versions_.size(), 2U) << server_->errors();
    if (Rollout().Find("champion")->text != versions_.at("blind")) {
      Json(client_->Post("/models/volatility/promote", R"({"version":")" + versions_.at("blind") + R"("})"));
    }
    for (int bars = kTrainedBars; bars < kTrainedBars + 2000 && State() == "none"; bars += kBarsAtOnce) {
      const std::string longer = fmt::format("synthetic:calm,bars={}", bars + kBarsAtOnce);
      const Finished written = RunHone(
          {"bars", "--data", longer, "--skip", std::to_string(bars), "--instrument", kSeries, "--output", "json"});
      ASSERT_EQ(client_->Post("/market/bars", written.output)->status, 200);
    }
    ASSERT_EQ(State(), "shadow");
    std::string rows;
    for (int i = 0; i < step; ++i) rows += (i == 0 ? "" : ",") + Row();
    Json(client_->Post("/predict/batch", R"({"model":"volatility","rows":[)" + rows + "]}"));
    for (int i = 0; i < 500 && State() == "shadow"; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_EQ(State(), "canary");
    ASSERT_EQ(Rollout().Find("release")->Find("version")->text, versions_.at("forest"));
    ASSERT_EQ(Rollout().Find("release")->Find("share")->number, 0.1);
  }
  // Nanoseconds that half the answers of each recipe's version exceed, from an A/B test in a copy of the folder.
  std::array<double, 2> Latencies() {
    const std::string copy = folder_ / "copy";
    std::filesystem::copy(state_, copy, std::filesystem::copy_options::recursive);
    Serve(copy, PolicyOf(4, 10));
    const std::map<std::string, std::string> versions = Versions();
    EXPECT_EQ(versions.size(), 2U) << server_->errors();
    const std::string split = fmt::format(R"("{}":0.5,"{}":0.5)", versions.at("blind"), versions.at("forest"));
    Json(client_->Post("/models/ab-test", R"({"model":"volatility","split":{)" + split + "}}"));
    std::vector<std::string> asked;
    for (int i = 0; i < 400; ++i) asked.push_back(Ask().Find("prediction_id")->text);
    std::array<std::vector<double>, 2> taken;
    for (const std::string& id : asked) {
      const JsonValue record = Json(client_->Get("/predictions/" + id));
      const bool forest = record.Find("version")->text == versions.at("forest");
      taken[forest ? 1 : 0].push_back(record.Find("latency_ns")->number);
    }
    std::array<double, 2> medians{};
    for (std::size_t i = 0; i < 2; ++i) {
      std::ranges::sort(taken[i]);
      medians[i] = taken[i].at(taken[i].size() / 2);
    }
    server_.reset();
    return medians;
  }

  TemporaryFolder folder_;
  std::string state_ = folder_ / "state";
  std::unique_ptr<ServingHone> server_;
  std::unique_ptr<HttpClient> client_;
  std::map<std::string, std::string> versions_;
  Random random_{31};
};

// The budget lies between what the two take on this machine at this moment; the test holds no time against a limit.
TEST_F(LiveCanary, IsTakenBackWhereItAnswersTooLate) {
  constexpr int kStep = 3000;
  const std::array<double, 2> latencies = Latencies();
  ASSERT_GT(latencies[1], latencies[0]) << "the forest takes longer";
  Serve(state_, PolicyOf(kStep, std::sqrt(latencies[0] * latencies[1]) / 1e6));
  ASSERT_NO_FATAL_FAILURE(BeginCanary(kStep));
  for (int i = 0; i < kStep && (i % 100 != 0 || State() == "canary"); ++i) Ask();
  ASSERT_EQ(State(), "none") << fmt::format("{} and {} ns", latencies[0], latencies[1]);
  const JsonValue decision = Newest("roll_back");
  EXPECT_EQ(decision.Find("version")->text, versions_.at("forest"));
  EXPECT_THAT(decision.Find("reason")->text, HasSubstr("took longer than the budget for"));
  EXPECT_EQ(decision.Find("evidence")->Find("guardrail")->text, "latency");
  EXPECT_EQ(decision.Find("evidence")->Find("from")->text, "canary");
  EXPECT_EQ(Rollout().Find("champion")->text, versions_.at("blind"));
  EXPECT_EQ(Rollout().Find("rollbacks_in_a_row")->integer, 1);
  const JsonValue ended = Json(client_->Get("/api/v1/experiments?kind=canary&state=ended"));
  ASSERT_EQ(ended.Find("experiments")->items.size(), 1U);
  EXPECT_EQ(ended.Find("experiments")->items[0].Find("verdict")->text, "roll_back");
  EXPECT_EQ(Ask().Find("propensity")->number, 1) << "the champion answers alone";
}

// Keys that all belong to the challenger: who asks is no longer drawn at random.
TEST_F(LiveCanary, WaitsForAPersonWhereItDoesNotGetItsShare) {
  constexpr int kStep = 300;
  constexpr std::uint64_t kSaltOfCanaries = 0;
  Serve(state_, PolicyOf(kStep, 10));
  ASSERT_NO_FATAL_FAILURE(BeginCanary(kStep));
  int sent = 0;
  const auto ask_challenger = [&] {
    std::string key;
    do {
      key = "account-" + std::to_string(sent++);
    } while (DrawOfKey(kSaltOfCanaries, key) >= 0.1);
    EXPECT_EQ(Ask(key).Find("version")->text, versions_.at("forest"));
  };
  int asked = 0;
  for (; asked < 100 && State() == "canary"; ++asked) ask_challenger();
  ASSERT_EQ(State(), "paused") << asked;
  const JsonValue decision = Newest("pause");
  EXPECT_THAT(decision.Find("reason")->text,
              AllOf(HasSubstr("requests are not shared out as the split says"), HasSubstr("got 1 of 0.1")));
  EXPECT_EQ(decision.Find("evidence")->Find("by")->text, "policy");
  EXPECT_EQ(server_->End(SIGKILL, 5 * kSecond), 128 + SIGKILL);
  Serve(state_, PolicyOf(kStep, 10));
  EXPECT_EQ(State(), "paused") << "after a kill too";
  for (int i = 0; i < 2 * kStep; ++i) Ask();
  EXPECT_EQ(State(), "paused") << "no request makes it go on";
  EXPECT_EQ(Rollout().Find("release")->Find("share")->number, 0.1);
  EXPECT_EQ(Rollout().Find("champion")->text, versions_.at("blind"));
  const JsonValue running = Json(client_->Get("/api/v1/experiments?kind=canary&state=running"));
  EXPECT_EQ(running.Find("experiments")->items.at(0).Find("verdict")->text, "hold");
  Json(client_->Post("/api/v1/rollouts/volatility/resume", ""));
  EXPECT_EQ(State(), "canary");
  Json(client_->Post("/api/v1/rollouts/volatility/abort", ""));
  EXPECT_EQ(State(), "none");
  EXPECT_EQ(Ask().Find("version")->text, versions_.at("blind"));
}

}  // namespace
}  // namespace hone
