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
  RolloutSteps steps({0.1, 0.5, 1.0}, 4);
  EXPECT_DOUBLE_EQ(steps.share(), 0);
  for (const double share : {0.1, 0.5, 1.0}) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(steps.OnScored(), Event::kNone);
    EXPECT_EQ(steps.OnScored(), Event::kNextStep);
    EXPECT_DOUBLE_EQ(steps.share(), share);
    EXPECT_EQ(steps.scored(), 0);
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(steps.OnScored(), Event::kNone);
  EXPECT_EQ(steps.OnScored(), Event::kCompleted);
}

TEST(RolloutSteps, OnePredictionAStep) {
  RolloutSteps steps({1.0}, 1);
  EXPECT_EQ(steps.OnScored(), Event::kNextStep);
  EXPECT_EQ(steps.OnScored(), Event::kCompleted);
}

TEST(RolloutSteps, RestoredStepsGoOnWhereTheyWere) {
  RolloutSteps steps({0.1, 1.0}, 3);
  for (int i = 0; i < 4; ++i) steps.OnScored();
  RolloutSteps restored({0.1, 1.0}, 3);
  restored.Restore(steps.step(), steps.scored());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(restored.OnScored(), steps.OnScored()) << i;
}

TEST(RolloutSteps, RestoredStepOutsideThePolicyIsTakenIntoIt) {
  RolloutSteps steps({0.1, 1.0}, 3);
  steps.Restore(7, 0);  // saved under a policy with more steps
  EXPECT_EQ(steps.step(), 2);
  EXPECT_DOUBLE_EQ(steps.share(), 1);
  steps.Restore(-1, 0);
  EXPECT_DOUBLE_EQ(steps.share(), 0);
}

TEST(RolloutSteps, AGateWaitsForAdvance) {
  RolloutSteps steps({0.1, 0.5, 1}, 2, {0.5});
  EXPECT_EQ(steps.OnScored(), RolloutSteps::Event::kNone);
  EXPECT_EQ(steps.OnScored(), RolloutSteps::Event::kNextStep);
  EXPECT_EQ(steps.next_share(), 0.5);
  EXPECT_EQ(steps.OnScored(), RolloutSteps::Event::kNone);
  EXPECT_FALSE(steps.at_gate());
  EXPECT_EQ(steps.OnScored(), RolloutSteps::Event::kAtGate);
  EXPECT_TRUE(steps.at_gate());
  EXPECT_EQ(steps.OnScored(), RolloutSteps::Event::kNone) << "told once";
  RolloutSteps again({0.1, 0.5, 1}, 2, {0.5});
  again.Restore(steps.step(), steps.scored());
  EXPECT_TRUE(again.at_gate());
  EXPECT_EQ(steps.Advance(), RolloutSteps::Event::kNextStep);
  EXPECT_EQ(steps.share(), 0.5);
  EXPECT_EQ(steps.Advance(), RolloutSteps::Event::kNextStep);
  EXPECT_EQ(steps.next_share(), std::nullopt);
  EXPECT_EQ(steps.Advance(), RolloutSteps::Event::kCompleted);
}

}  // namespace
}  // namespace hone
