// The logs that experiment and performance read: what is taken from them, and what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "base/files.h"
#include "hone/choices_file.h"
#include "hone/losses_file.h"
#include "hone/rewards_file.h"
#include "hone/scored_file.h"

namespace hone {
namespace {

class LogFiles : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string("log_") + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv");
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string Write(const std::string& text) {
    EXPECT_TRUE(WriteFileAtomically(path_, text).ok());
    return path_.string();
  }
  // The message after the file's name.
  template <typename T>
  std::string Refusal(const Result<T>& read) {
    return read.ok() ? "accepted" : read.error().ToString().substr(path_.string().size());
  }
  std::string LossesRefusal(const std::string& text) { return Refusal(ReadLossesFile(Write(text))); }
  std::string ChoicesRefusal(const std::string& text, const std::string& always = "") {
    return Refusal(ReadChoicesFile(Write(text), always));
  }
  std::string RewardsRefusal(const std::string& text, const std::vector<std::string>& arms = {}) {
    return Refusal(ReadRewardsFile(Write(text), arms, {}));
  }
  std::string ScoredRefusal(const std::string& text, PredictionKind kind) {
    return Refusal(ReadScoredFile(Write(text), kind, 1, ""));
  }

 private:
  std::filesystem::path path_;
};

TEST_F(LogFiles, LossesOfSeveralChallengers) {
  const auto file =
      ReadLossesFile(Write("challenger_b,champion,note,time,challenger\n1,2,x,2020-01-01,3\n4,5,y,2020-01-02,6\n"));
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->challengers, (std::vector<std::string>{"challenger_b", "challenger"}));
  EXPECT_EQ(file->champion, (std::vector<double>{2, 5}));
  EXPECT_EQ(file->losses, (std::vector<std::vector<double>>{{1, 3}, {4, 6}}));
}

TEST_F(LogFiles, LossesThatCannotBeJudged) {
  EXPECT_EQ(LossesRefusal("time,champion\n2020-01-01,1\n"), ":1: challenger: the header has no such column");
  EXPECT_EQ(LossesRefusal("time,challenger\n2020-01-01,1\n"), ":1: champion: the header has no such column");
  EXPECT_EQ(LossesRefusal("time,champion,challenger\n"), ": the file holds no rows");
  EXPECT_EQ(LossesRefusal("time,champion,challenger\n2020-01-01,1,inf\n"),
            ":2: challenger: must be a finite number, is 'inf'");
  EXPECT_EQ(LossesRefusal("time,champion,challenger\n2020-01-01,1,2\n2020-01-02,1"),
            ":3: has 2 fields, the header 3: the last line is cut off");
}

TEST_F(LogFiles, ScoredRowsAndWhatIsPending) {
  const auto file =
      ReadScoredFile(Write("time,prediction,outcome,baseline,venue\n2020-01-01,1,,0,a\n2020-01-02,2,3,,b\n"
                           "2020-01-03,4,5,6,a\n2020-01-04,7,NA,8,b\n"),
                     PredictionKind::kRegression, 2, "venue");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  ASSERT_EQ(file->rows.size(), 2U);
  EXPECT_EQ(file->rows[1].outcome, 5);
  EXPECT_TRUE(std::isnan(file->rows[0].baseline));
  EXPECT_EQ(file->groups, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(file->pending, 2);
  EXPECT_EQ(file->overdue, 1) << "the first row's horizon has passed";
}

TEST_F(LogFiles, ScoredRowsOfTheWrongKind) {
  const std::string head = "time,prediction,outcome\n";
  EXPECT_EQ(ScoredRefusal(head + "2020-01-01,1.2,1\n", PredictionKind::kBinary),
            ":2: prediction: must be a probability within [0, 1], is 1.2");
  EXPECT_EQ(ScoredRefusal(head + "2020-01-01,0.2,2\n", PredictionKind::kBinary), ":2: outcome: must be 0 or 1, is 2");
  EXPECT_EQ(ScoredRefusal(head + "2020-01-01,1,-2\n", PredictionKind::kReturns),
            ":2: outcome: must be a return, -1 or more, is -2");
  EXPECT_EQ(ScoredRefusal(head + "2020-01-01,,1\n", PredictionKind::kRegression),
            ":2: prediction: the value is missing");
  EXPECT_EQ(ScoredRefusal(head + "2020-01-01,1,\n", PredictionKind::kRegression),
            ": the file holds no row with an outcome");
}

TEST_F(LogFiles, FeaturedRowsMayWaitForOutcomesAndLackFeatures) {
  const auto read = [&](const std::string& text, bool needs_outcomes) {
    return ReadFeaturedRows(Write(text), PredictionKind::kRegression, {"b", "a"}, needs_outcomes);
  };
  const auto rows = read("time,a,b,prediction,outcome\n2020-01-01,1,,3,4\n2020-01-02,5,6,7,\n", true);
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  EXPECT_EQ(rows->rows[0].outcome, 4);
  EXPECT_TRUE(std::isnan(rows->rows[1].outcome));
  EXPECT_TRUE(std::isnan(rows->features[0]));
  EXPECT_EQ(rows->features[1], 1);
  EXPECT_EQ(rows->features[2], 6);
  const std::string without = "time,a,b,prediction\n2020-01-01,1,2,3\n";
  EXPECT_TRUE(read(without, false).ok());
  EXPECT_EQ(Refusal(read(without, true)), ":1: outcome: the header has no such column");
  EXPECT_EQ(Refusal(read("time,a,b,prediction\n2020-01-01,x,2,3\n", false)), ":2: a: 'x' is not a number");
  EXPECT_EQ(Refusal(read("time,a,b,prediction\n", false)), ": the file holds no rows");
  EXPECT_EQ(Refusal(read("time,a,b,prediction\n2020-01-01,1e60,2,3\n", false)),
            ":2: a: must be within [-1e+50, 1e+50], is 1e+60");
  const auto leaked = ReadFeaturedRows(Write(without), PredictionKind::kRegression, {"outcome"}, false);
  ASSERT_FALSE(leaked.ok());
  EXPECT_EQ(leaked.error().key, "--features");
}

TEST_F(LogFiles, ChoicesAndWhatIsPending) {
  const auto file = ReadChoicesFile(Write("time,version,propensity,target,reward,model,model_target\n"
                                          "2020-01-01,1.0.0,0.9,0.5,2,1,3\n2020-01-02,1.1.0,0.1,0.5,,1,3\n"
                                          "2020-01-03,1.1.0,0.1,0.25,-1,0,4\n"),
                                    "");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  ASSERT_EQ(file->log.size(), 2U);
  EXPECT_TRUE(file->has_model);
  EXPECT_EQ(file->pending, 1);
  EXPECT_EQ(file->choices, (std::vector<std::string>{"1.0.0", "1.1.0"}));
  EXPECT_EQ(file->log[1].weight(), 2.5);
  EXPECT_EQ(file->log[1].reward, -1);
  EXPECT_EQ(file->log[1].model_target, 4);
}

TEST_F(LogFiles, ChoicesOfAPolicyThatAlwaysChoosesTheSame) {
  const auto file =
      ReadChoicesFile(Write("time,action,propensity,reward\n2020-01-01,a,0.5,1\n2020-01-02,b,0.5,2\n"), "b");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_FALSE(file->has_model);
  EXPECT_EQ(file->log[0].target, 0);
  EXPECT_EQ(file->log[1].target, 1);
}

TEST_F(LogFiles, ChoicesThatLeftThePolicyNoChanceAreCountedApart) {
  const auto file = ReadChoicesFile(Write("time,action,propensity,reward\n2020-01-01,a,1,1\n2020-01-02,b,1,2\n"
                                          "2020-01-03,a,0.5,3\n"),
                                    "b");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->unsupported, 1);
  ASSERT_EQ(file->log.size(), 2U) << "where b was certain the policy is known";
  EXPECT_EQ(file->log[0].reward, 2);
  EXPECT_EQ(ChoicesRefusal("time,propensity,target,reward\n2020-01-01,1,0.5,1\n"),
            ": no row with a reward left the policy in question a chance");
}

TEST_F(LogFiles, ChoicesThatCannotBeEvaluated) {
  const std::string head = "time,propensity,target,reward\n";
  EXPECT_EQ(ChoicesRefusal(head + "2020-01-01,0,1,1\n"), ":2: propensity: must be within [1e-12, 1], is 0");
  EXPECT_EQ(ChoicesRefusal(head + "2020-01-01,0.5,1.5,1\n"), ":2: target: must be within [0, 1], is 1.5");
  EXPECT_EQ(ChoicesRefusal(head + "2020-01-01,0.5,1,1e200\n"),
            ":2: reward: must be within [-1e+100, 1e+100], is 1e+200");
  EXPECT_EQ(ChoicesRefusal(head + "2020-01-01,0.5,1,\n"), ": it holds no row with a reward");
  EXPECT_EQ(ChoicesRefusal("time,propensity,reward\n2020-01-01,0.5,1\n"), ":1: target: the header has no such column");
  EXPECT_EQ(ChoicesRefusal("time,propensity,target,reward,model\n2020-01-01,0.5,1,1,1\n"),
            ":1: model_target: the header has no such column");
  EXPECT_EQ(ChoicesRefusal(head + "2020-01-01,0.5,1,1\n", "a"), ":1: action: the header has no such column");
  EXPECT_EQ(ChoicesRefusal("time,action,propensity,reward\n2020-01-01,b,0.5,1\n", "a"),
            ": no row with a reward that could be used chose 'a'");
}

TEST_F(LogFiles, RewardsOfEveryArmOrOfChoices) {
  const auto full = ReadRewardsFile(Write("x,b,Time,a\n7,1,2020-01-01,2\n8,3,2020-01-02,4\n"), {}, {"x"});
  ASSERT_TRUE(full.ok()) << full.error().ToString();
  EXPECT_EQ(full->arms, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(full->rewards, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(full->contexts, (std::vector<double>{1, 7, 1, 8}));
  const auto choices = ReadRewardsFile(
      Write("time,version,propensity,reward\n2020-01-01,b,0.5,1\n2020-01-02,a,0.25,2\n2020-01-02,a,0.25,\n"), {}, {});
  ASSERT_TRUE(choices.ok()) << choices.error().ToString();
  EXPECT_EQ(choices->arms, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(choices->log.size(), 2U);
  EXPECT_EQ(choices->log[0].arm, 1);
  EXPECT_EQ(choices->pending, 1);
}

TEST_F(LogFiles, RewardsThatCannotBeReplayed) {
  EXPECT_EQ(RewardsRefusal("time,a\n2020-01-01,1\n"), ": a bandit needs 2 to 1000 arms, here are 1");
  EXPECT_EQ(RewardsRefusal("time,a,b\n"), ": the file holds no rows");
  EXPECT_EQ(RewardsRefusal("time,a,b\n2020-01-01,1,\n"), ":2: b: the value is missing");
  EXPECT_EQ(RewardsRefusal("time,a,b\n2020-01-01,1,2\n", {"a", "c"}),
            ":1: c: the header has no such column, did you mean a?");
  const std::string head = "time,action,propensity,reward\n";
  EXPECT_EQ(ReadRewardsFile(Write("time,a,b\n2020-01-01,1,2\n"), {"a", "a"}, {}).error().key, "--arms");
  EXPECT_EQ(RewardsRefusal("time,action,reward\n2020-01-01,1,2\n"),
            ":1: propensity: a log of choices needs this column; --arms names the columns of a full log");
  EXPECT_EQ(RewardsRefusal(head + "2020-01-01,,0.5,1\n"), ":2: action: names no arm");
  for (const std::string_view known_later : {"a", "reward"}) {
    const std::string text = known_later == "a" ? "time,a,b\n2020-01-01,1,2\n" : head + "2020-01-01,a,0.5,1\n";
    const auto refused = ReadRewardsFile(Write(text), {"a", "b"}, {std::string(known_later)});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().key, "--context");
  }
  EXPECT_EQ(RewardsRefusal(head + "2020-01-01,a,0,1\n"), ":2: propensity: must be within [1e-12, 1], is 0");
  EXPECT_EQ(RewardsRefusal(head + "2020-01-01,c,0.5,1\n", {"a", "b"}), ":2: action: 'c' is none of the arms a, b");
}

}  // namespace
}  // namespace hone
