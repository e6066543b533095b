#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.h"

namespace hone {
namespace {

using testing::HasSubstr;

Result<Scenario> Parse(const std::string& text) { return ParseScenario(text, "a.scenario"); }

std::string ErrorOf(const std::string& text) {
  const auto scenario = Parse(text);
  return scenario.ok() ? "" : scenario.error().ToString();
}

constexpr const char* kSimulation = "simulate 100 rows\nrecipe steady\nexpect promotions exactly 0\n";

TEST(ScenarioLanguage, ReadsAMarket) {
  const auto scenario = Parse(
      "# A comment.\n\nmarket synthetic:break,bars=900  # and another\nseeds 40\nrefresh sabotaged at 60 %\n"
      "policy rollout.step_predictions 60\nexpect promotions at least 1 in 95 % of seeds\n");
  ASSERT_TRUE(scenario.ok()) << scenario.error().ToString();
  EXPECT_EQ(scenario->market->kind, "break");
  EXPECT_EQ(scenario->market->bars, 900);
  EXPECT_EQ(scenario->seeds, 40);
  EXPECT_DOUBLE_EQ(*scenario->sabotage, 0.6);
  EXPECT_EQ(scenario->policy.rollout.step_predictions, 60);
  ASSERT_EQ(scenario->expectations.size(), 1u);
  EXPECT_EQ(scenario->expectations[0].line, 7);
  EXPECT_EQ(scenario->expectations[0].share, Share::kAtLeast);
  EXPECT_DOUBLE_EQ(scenario->expectations[0].fraction, 0.95);
}

TEST(ScenarioLanguage, ReadsASimulation) {
  const auto scenario = Parse(
      "simulate 300 rows\nhistory 252 rows\nhorizon 1 rows\nrecipe steady\nrecipe rival\nfeatures AR(1) 0.9\n"
      "versions age 20 % a year\nrival is 30 % better from the start of service\n"
      "challenger is 30 % worse from the start of canary\neach refresh is 1 % worse\nrefresh 2 is 400 % worse\n"
      "steady is 10 % worse from row 50\nlearner throws at retraining 2\nlearner throws at retraining 3\n"
      "outcomes late by 3 rows\noutcomes doubled\noutcomes reordered within 10 rows\n"
      "expect rollbacks of rival exactly 1 and the first version still serves in at most alpha of seeds\n");
  ASSERT_TRUE(scenario.ok()) << scenario.error().ToString();
  const SimulationSpec& simulation = scenario->simulation;
  EXPECT_EQ(simulation.rows, 300);
  EXPECT_EQ(simulation.history, 252);
  EXPECT_EQ(simulation.horizon, 1);
  EXPECT_DOUBLE_EQ(simulation.autoregression, 0.9);
  EXPECT_DOUBLE_EQ(simulation.age_per_year, 0.2);
  EXPECT_EQ(simulation.recipes, (std::vector<std::string>{"steady", "rival"}));
  ASSERT_EQ(simulation.changes.size(), 5u);
  EXPECT_DOUBLE_EQ(simulation.changes[0].factor, 0.7);
  EXPECT_EQ(simulation.changes[0].from, QualityChange::From::kService);
  EXPECT_EQ(simulation.changes[1].who, QualityChange::Who::kChallenger);
  EXPECT_DOUBLE_EQ(simulation.changes[1].factor, 1.3);
  EXPECT_EQ(simulation.changes[3].refresh, 2);
  EXPECT_EQ(simulation.changes[4].row, 50);
  EXPECT_EQ(simulation.faults.throwing_retrainings, (std::vector<int>{2, 3}));
  EXPECT_EQ(simulation.faults.late_rows, 3);
  EXPECT_EQ(simulation.faults.reordered_rows, 10);
  EXPECT_TRUE(simulation.faults.doubled);
  EXPECT_EQ(scenario->expectations[0].conditions.size(), 2u);
  EXPECT_EQ(scenario->expectations[0].share, Share::kAtMost);
  EXPECT_DOUBLE_EQ(scenario->expectations[0].fraction, 0.05);
}

TEST(ScenarioLanguage, UnknownWordsNameFileAndLine) {
  EXPECT_THAT(ErrorOf("simulate 100 rows\nmake it so\n"), HasSubstr("a.scenario:2: unknown words \"make it so\""));
  EXPECT_THAT(ErrorOf("seeds 4 please\n"), HasSubstr("a.scenario:1: unknown words \"please\""));
  EXPECT_THAT(ErrorOf(std::string(kSimulation) + "expect promotions exactly 0 in every seed or so\n"),
              HasSubstr("a.scenario:4: unknown words \"or so\""));
  EXPECT_THAT(ErrorOf(std::string(kSimulation) + "expect miracles at least 1\n"),
              HasSubstr("a.scenario:4: nothing is called \"miracles\""));
}

TEST(ScenarioLanguage, NumbersOutOfRangeAreRefused) {
  EXPECT_THAT(ErrorOf("seeds 0\n"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(ErrorOf("seeds 1.5\n"), HasSubstr("whole number"));
  EXPECT_THAT(ErrorOf("features AR(1) 1\n"), HasSubstr("within (-1, 1)"));
  EXPECT_THAT(ErrorOf("refresh sabotaged at 100 %\n"), HasSubstr("between 0 and 100"));
  EXPECT_THAT(ErrorOf("recipe a\na is 40 % better\n"), HasSubstr("33 %"));
  EXPECT_THAT(ErrorOf("market synthetic:boom\n"), HasSubstr("a.scenario:1"));
}

TEST(ScenarioLanguage, PolicyKeysAreThePolicys) {
  EXPECT_THAT(ErrorOf("policy rollout.step_prediction 60\n"), HasSubstr("a.scenario:1"));
  EXPECT_THAT(ErrorOf("policy rollout.alpha 7\n"), HasSubstr("a.scenario:1"));
  EXPECT_THAT(ErrorOf("policy rollout 7\n"), HasSubstr("policy SECTION.KEY VALUE"));
}

TEST(ScenarioLanguage, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_THAT(ErrorOf("expect promotions exactly 0\n"), HasSubstr("neither a market nor"));
  EXPECT_THAT(ErrorOf("simulate 10 rows\nrecipe a\n"), HasSubstr("nothing is expected"));
  EXPECT_THAT(ErrorOf("simulate 10 rows\nexpect promotions exactly 0\n"), HasSubstr("no recipe"));
  EXPECT_THAT(ErrorOf("market synthetic:calm\noutcomes doubled\nexpect promotions exactly 0\n"), HasSubstr("replayed"));
  EXPECT_THAT(ErrorOf("recipe a\nrecipe a\n"), HasSubstr("a already"));
  EXPECT_THAT(ErrorOf("challenger is 3 % worse\n"), HasSubstr("from when"));
  EXPECT_THAT(ErrorOf("recipe a\na is 3 % worse from promotion\n"), HasSubstr("a challenger changes"));
}

TEST(ScenarioLanguage, CountsOfRuns) {
  EXPECT_EQ(FewestRuns(0.95, 40), 38);
  EXPECT_EQ(FewestRuns(1, 40), 40);
  EXPECT_EQ(MostRuns(0, 200), 0);
  EXPECT_EQ(MostRuns(0.05, 200), 21);  // 10 expected; more than 21 less than once in a thousand times
  EXPECT_EQ(MostRuns(1, 7), 7);
}

TEST(ScenarioLanguage, ComplaintsSayWhatWasWanted) {
  Expectation expectation;
  EXPECT_EQ(Complaint(expectation, 7, 7), "");
  EXPECT_EQ(Complaint(expectation, 6, 7), "wanted all 7");
  expectation.share = Share::kAtLeast;
  expectation.fraction = 0.95;
  EXPECT_EQ(Complaint(expectation, 37, 40), "wanted 38 of 40");
  expectation.share = Share::kAtMost;
  expectation.fraction = 0.05;
  EXPECT_EQ(Complaint(expectation, 21, 200), "");
  EXPECT_EQ(Complaint(expectation, 22, 200), "allowed are 21 of 200");
}

TEST(ScenarioLanguage, ConditionsAreHeldAgainstFacts) {
  const auto condition = [](const std::string& text) {
    auto parsed = ParseExpectation(Words(text), 0.05);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed->conditions.at(0);
  };
  Facts facts, other;
  Decision promotion;
  promotion.kind = DecisionKind::kPromote;
  promotion.version = "2.0.0";
  promotion.evidence = R"({"question":"recipe","margin":0.0,"true_gain":-0.01})";
  facts.decisions.push_back(promotion);
  facts.recipe_of = {{"2.0.0", "rival"}};
  facts.loss = {{"hone", 1.0}, {"never", 1.01}};
  EXPECT_TRUE(condition("recipe promotions exactly 1")(facts, other));
  EXPECT_TRUE(condition("refresh promotions at most 0")(facts, other));
  EXPECT_TRUE(condition("promotions of rival at least 1")(facts, other));
  EXPECT_FALSE(condition("promotions of steady at least 1")(facts, other));
  EXPECT_TRUE(condition("recipe promotions without true gain exactly 1")(facts, other));
  EXPECT_TRUE(condition("hone loss below never")(facts, other));
  EXPECT_FALSE(condition("hone loss below 0.98 times never")(facts, other));
  EXPECT_TRUE(condition("the same metrics as without faults")(facts, other));
  other.metrics = "else";
  EXPECT_FALSE(condition("the same metrics as without faults")(facts, other));
}

}  // namespace
}  // namespace hone
