#include "engine/policy.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

std::string PolicyError(const std::string& yaml) {
  const auto policy = ReadPolicy(yaml, "my.yaml");
  return policy.ok() ? "" : policy.error().ToString();
}

bool Mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Policy, NothingGivenIsTheDefault) {
  for (const char* yaml : {"", "version: 1\n", "version: 1\nrollout:\n"}) {
    const auto policy = ReadPolicy(yaml, "my.yaml");
    ASSERT_TRUE(policy.ok()) << policy.error().ToString();
    EXPECT_EQ(WritePolicy(*policy), WritePolicy(Policy{}));
  }
}

TEST(Policy, WhatIsGivenIsTakenAndTheRestKept) {
  const auto policy = ReadPolicy(
      "version: 1\nretraining:\n  growth: 0.5\nrollout:\n  steps: [0.25, 1]\ndrift:\n  bins: 20\n"
      "performance:\n  window: 60\nretention:\n  shadow_days: 7\n",
      "my.yaml");
  ASSERT_TRUE(policy.ok()) << policy.error().ToString();
  EXPECT_EQ(policy->retraining.growth, 0.5);
  EXPECT_EQ(policy->retraining.budget, RetrainingPolicy{}.budget);
  EXPECT_EQ(policy->rollout.steps, (std::vector<double>{0.25, 1}));
  EXPECT_EQ(policy->drift.bins, 20);
  EXPECT_EQ(policy->performance.window, 60);
  EXPECT_EQ(policy->retention.shadow_days, 7);
}

TEST(Policy, ReadsBackWhatItWrites) {
  Policy policy;
  policy.retraining.growth = 1.0 / 3;
  policy.rollout.alpha = 0.012345678901234567;
  policy.rollout.steps = {0.05, 0.1, 0.7, 1};
  policy.rollout.gates = {0.1, 1};
  policy.rollout.deadline_days = 45;
  policy.rollout.step_minutes = 90;
  policy.rollout.mismatch_alpha = 0.0005;
  policy.rollout.error_margin = 0.02;
  policy.rollout.latency_budget_ms = 2.5;
  policy.rollout.latency_margin = 0.1;
  policy.drift.critical_shift = 1.75;
  policy.performance.level = 0.9;
  policy.retention.prediction_months = 3;
  const auto again = ReadPolicy(WritePolicy(policy), "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(WritePolicy(*again), WritePolicy(policy));
  EXPECT_EQ(again->retraining.growth, policy.retraining.growth) << "to the bit";
  EXPECT_EQ(again->rollout.alpha, policy.rollout.alpha) << "to the bit";
}

TEST(Policy, AnUnknownKeyNamesItsLineAndTheNearest) {
  const std::string error = PolicyError("version: 1\nrollout:\n  alhpa: 0.1\n");
  EXPECT_TRUE(Mentions(error, "my.yaml:3")) << error;
  EXPECT_TRUE(Mentions(error, "rollout.alhpa")) << error;
  EXPECT_TRUE(Mentions(error, "did you mean alpha")) << error;
  EXPECT_TRUE(Mentions(PolicyError("retrainning:\n  growth: 1\n"), "did you mean retraining"));
  EXPECT_TRUE(Mentions(PolicyError("drift:\n  medum_shift: 1\n"), "did you mean medium_shift"));
  EXPECT_TRUE(Mentions(PolicyError("retention:\n  shadow_day: 1\n"), "did you mean shadow_days"));
}

struct RefusedPolicy {
  const char* yaml;
  const char* key;
};

TEST(Policy, ValuesOutOfRangeAreRefusedByKey) {
  for (const RefusedPolicy& refused : std::initializer_list<RefusedPolicy>{
           {"version: 2\n", "version"},
           {"retraining:\n  initial_rows: 119\n", "retraining.initial_rows"},
           {"retraining:\n  growth: 0\n", "retraining.growth"},
           {"retraining:\n  schedule_rows: -1\n", "retraining.schedule_rows"},
           {"retraining:\n  loss_ratio: 0.99\n", "retraining.loss_ratio"},
           {"retraining:\n  cooldown_rows: 0\n", "retraining.cooldown_rows"},
           {"retraining:\n  twin_ratio: 1\n", "retraining.twin_ratio"},
           {"rollout:\n  alpha: 0\n", "rollout.alpha"},
           {"rollout:\n  alpha: 0.51\n", "rollout.alpha"},
           {"rollout:\n  alpha: .nan\n", "rollout.alpha"},
           {"rollout:\n  practice_margin: 0.11\n", "rollout.practice_margin"},
           {"rollout:\n  refresh_margin: -0.01\n", "rollout.refresh_margin"},
           {"rollout:\n  minimum_outcomes: 11\n", "rollout.minimum_outcomes"},
           {"rollout:\n  steps: []\n", "rollout.steps"},
           {"rollout:\n  steps: [0.5, 0.1, 1]\n", "rollout.steps"},
           {"rollout:\n  steps: [0.1, 0.5]\n", "rollout.steps"},
           {"rollout:\n  steps: [0, 1]\n", "rollout.steps"},
           {"rollout:\n  gates: [0.2]\n", "rollout.gates"},
           {"rollout:\n  steps: [0.2, 0.4, 1]\n  gates: [0.4, 0.2]\n", "rollout.gates"},
           {"rollout:\n  gates: [0.5, 0.5]\n", "rollout.gates"},
           {"rollout:\n  step_minutes: -1\n", "rollout.step_minutes"},
           {"rollout:\n  step_minutes: 525601\n", "rollout.step_minutes"},
           {"rollout:\n  deadline_days: -1\n", "rollout.deadline_days"},
           {"rollout:\n  deadline_days: 36501\n", "rollout.deadline_days"},
           {"rollout:\n  mismatch_alpha: 0\n", "rollout.mismatch_alpha"},
           {"rollout:\n  error_margin: -0.1\n", "rollout.error_margin"},
           {"rollout:\n  latency_budget_ms: 0\n", "rollout.latency_budget_ms"},
           {"rollout:\n  latency_margin: 0.6\n", "rollout.latency_margin"},
           {"rollout:\n  maximum_rollbacks: 0\n", "rollout.maximum_rollbacks"},
           {"rollout:\n  watch_rows: 23\n", "rollout.watch_rows"},
           {"drift:\n  window: 19\n", "drift.window"},
           {"drift:\n  high_shift: 0.1\n", "drift.high_shift"},
           {"performance:\n  level: 1\n", "performance.level"},
           {"performance:\n  window: 5001\n", "performance.window"},
           {"performance:\n  intervals:\n    coverage: 1\n", "performance.intervals.coverage"},
           {"performance:\n  intervals:\n    window: 8\n", "performance.intervals.window"},
           {"performance:\n  intervals:\n    window: 5001\n", "performance.intervals.window"},
           {"performance:\n  intervals:\n    models: [A b]\n", "performance.intervals.models"},
           {"retention:\n  prediction_months: 0\n", "retention.prediction_months"},
       }) {
    const std::string error = PolicyError(refused.yaml);
    EXPECT_TRUE(Mentions(error, std::string(refused.key) + ":")) << refused.yaml << error;
    EXPECT_TRUE(Mentions(error, "my.yaml:")) << error;
  }
}

TEST(Policy, ModelsWithIntervalsAreWrittenAsTheyAreRead) {
  const auto policy = ReadPolicy("performance:\n  intervals:\n    models: [vol, 'null', '1']\n", "my.yaml");
  ASSERT_TRUE(policy.ok()) << policy.error().ToString();
  EXPECT_EQ(policy->performance.intervals.models, (std::vector<std::string>{"vol", "null", "1"}));
  const auto again = ReadPolicy(WritePolicy(*policy), "written");
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(again->performance.intervals.models, policy->performance.intervals.models);
}

TEST(Policy, WrongTypesAreRefusedByKey) {
  EXPECT_TRUE(Mentions(PolicyError("rollout:\n  alpha: often\n"), "rollout.alpha"));
  EXPECT_TRUE(Mentions(PolicyError("rollout:\n  minimum_outcomes: 60.5\n"), "rollout.minimum_outcomes"));
  EXPECT_TRUE(Mentions(PolicyError("rollout:\n  steps: 1\n"), "rollout.steps"));
  EXPECT_TRUE(Mentions(PolicyError("rollout: 7\n"), "rollout"));
  EXPECT_TRUE(Mentions(PolicyError("rollout: [1, 2]\n"), "rollout"));
}

}  // namespace
}  // namespace hone
