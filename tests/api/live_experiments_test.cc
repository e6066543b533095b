// Experiments on live traffic as their user meets them: an A/B test of several challengers, over a kill.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "process/program.h"
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

}  // namespace
}  // namespace hone
