#include "rollout/steps.h"

#include <gtest/gtest.h>

#include <limits>

namespace hone {
namespace {

using Event = RolloutSteps::Event;

TEST(AnswerBounds, IsTheLabelsRangeWidenedByItsWidth) {
  const AnswerBounds range = WidenedRange(-1, 3);
  EXPECT_DOUBLE_EQ(range.low, -5);
  EXPECT_DOUBLE_EQ(range.high, 7);
  EXPECT_TRUE(range.Contains(-5));
  EXPECT_TRUE(range.Contains(7));
  EXPECT_FALSE(range.Contains(7.001));
  EXPECT_FALSE(range.Contains(-5.001));
}

TEST(AnswerBounds, HoldsNoNaNAndNoInfinity) {
  const AnswerBounds range = WidenedRange(-1, 3);
  EXPECT_FALSE(range.Contains(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(range.Contains(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(range.Contains(-std::numeric_limits<double>::infinity()));
}

TEST(RolloutSteps, GoFromShadowThroughEveryShareToCompletion) {
  RolloutSteps steps({0.1, 0.5, 1.0}, {4}, {}, 0);
  EXPECT_DOUBLE_EQ(steps.share(), 0);
  for (const double share : {0.1, 0.5, 1.0}) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(steps.OnScored(0), Event::kNone);
    EXPECT_EQ(steps.OnScored(0), Event::kNextStep);
    EXPECT_DOUBLE_EQ(steps.share(), share);
    EXPECT_EQ(steps.scored(), 0);
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(steps.OnScored(0), Event::kNone);
  EXPECT_EQ(steps.OnScored(0), Event::kCompleted);
}

TEST(RolloutSteps, OnePredictionAStep) {
  RolloutSteps steps({1.0}, {1}, {}, 0);
  EXPECT_EQ(steps.OnScored(0), Event::kNextStep);
  EXPECT_EQ(steps.OnScored(0), Event::kCompleted);
}

TEST(RolloutSteps, LastTheirTimeHoweverManyRequestsCome) {
  constexpr Time kBegan = 1000 * kSecond;
  RolloutSteps steps({0.1, 1.0}, {4, 60 * kSecond}, {}, kBegan);
  for (int i = 0; i < 600; ++i) ASSERT_EQ(steps.OnScored(kBegan + i * kSecond / 10), Event::kNone) << i;
  EXPECT_EQ(steps.scored(), 600);
  EXPECT_EQ(steps.OnScored(kBegan + 60 * kSecond), Event::kNextStep);
  EXPECT_EQ(steps.OnScored(kBegan + 119 * kSecond), Event::kNone) << "from when the step began";
  EXPECT_EQ(steps.OnScored(kBegan + 500 * kSecond), Event::kNone) << "two of four";
  EXPECT_EQ(steps.OnScored(kBegan + 501 * kSecond), Event::kNone);
  EXPECT_EQ(steps.OnScored(kBegan + 502 * kSecond), Event::kNextStep);
  EXPECT_EQ(steps.Advance(kBegan + 503 * kSecond), Event::kCompleted) << "a person need not wait";
}

TEST(RolloutSteps, RestoredStepsGoOnWhereTheyWere) {
  const StepLength length{3, 10};
  RolloutSteps steps({0.1, 1.0}, length, {}, 0);
  for (int i = 0; i < 14; ++i) steps.OnScored(i);
  RolloutSteps restored({0.1, 1.0}, length, {}, 0);
  restored.Restore(steps.state());
  EXPECT_EQ(restored.step(), 1);
  for (int i = 14; i < 40; ++i) EXPECT_EQ(restored.OnScored(i), steps.OnScored(i)) << i;
}

TEST(RolloutSteps, RestoredStepOutsideThePolicyIsTakenIntoIt) {
  RolloutSteps steps({0.1, 1.0}, {3}, {}, 0);
  steps.Restore({.step = 7});  // saved under a policy with more steps
  EXPECT_EQ(steps.step(), 2);
  EXPECT_DOUBLE_EQ(steps.share(), 1);
  steps.Restore({.step = -1});
  EXPECT_DOUBLE_EQ(steps.share(), 0);
}

TEST(RolloutSteps, AGateWaitsForAdvance) {
  RolloutSteps steps({0.1, 0.5, 1}, {2}, {0.5}, 0);
  EXPECT_EQ(steps.OnScored(0), RolloutSteps::Event::kNone);
  EXPECT_EQ(steps.OnScored(0), RolloutSteps::Event::kNextStep);
  EXPECT_EQ(steps.next_share(), 0.5);
  EXPECT_EQ(steps.OnScored(0), RolloutSteps::Event::kNone);
  EXPECT_FALSE(steps.at_gate());
  EXPECT_EQ(steps.OnScored(0), RolloutSteps::Event::kAtGate);
  EXPECT_TRUE(steps.at_gate());
  EXPECT_EQ(steps.OnScored(0), RolloutSteps::Event::kNone) << "told once";
  RolloutSteps again({0.1, 0.5, 1}, {2}, {0.5}, 0);
  again.Restore(steps.state());
  EXPECT_TRUE(again.at_gate());
  EXPECT_EQ(steps.Advance(0), RolloutSteps::Event::kNextStep);
  EXPECT_EQ(steps.share(), 0.5);
  EXPECT_EQ(steps.Advance(0), RolloutSteps::Event::kNextStep);
  EXPECT_EQ(steps.next_share(), std::nullopt);
  EXPECT_EQ(steps.Advance(0), RolloutSteps::Event::kCompleted);
}

}  // namespace
}  // namespace hone
