#include "rollout/harm_guard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace hone {
namespace {

using Against = HarmGuard::Against;

struct Ratios {
  double to_replaced, to_anchor;
};

// Feeds rows until harm is shown; the row it was shown at (0-based), or -1.
int HarmAt(HarmGuard& guard, int rows, Ratios version, std::optional<HarmGuard::Harm>* found = nullptr) {
  Random random(11);
  for (int i = 0; i < rows; ++i) {
    const double loss = 1 + 0.2 * random.Uniform();
    const auto harm = guard.Add(loss, loss / version.to_replaced + 0.005 * random.Normal(),
                                loss / version.to_anchor + 0.005 * random.Normal());
    if (!harm) continue;
    if (found != nullptr) *found = harm;
    return i;
  }
  return -1;
}

TEST(HarmGuard, ShowsHarmAgainstTheReplacedVersion) {
  HarmGuard guard(1, 0.05, 0.05);
  std::optional<HarmGuard::Harm> harm;
  EXPECT_GE(HarmAt(guard, 100, {1.3, 1.3}, &harm), 23);
  ASSERT_TRUE(harm);
  EXPECT_EQ(harm->against, Against::kReplaced);
  EXPECT_EQ(harm->judgement.verdict, Verdict::kRollBack);
  EXPECT_LT(harm->judgement.evidence.mean, 0);
  EXPECT_DOUBLE_EQ(harm->judgement.alpha, 0.025);
}

TEST(HarmGuard, ShowsHarmAgainstTheAnchorWhereTheReplacedIsNoBetter) {
  HarmGuard guard(1, 0.05, 0.05);
  std::optional<HarmGuard::Harm> harm;
  EXPECT_GE(HarmAt(guard, 200, {0.99, 1.2}, &harm), 0);
  ASSERT_TRUE(harm);
  EXPECT_EQ(harm->against, Against::kAnchor);
}

TEST(HarmGuard, ToleratesTheMarginAgainstTheAnchorOnly) {
  HarmGuard tolerant(1, 0.05, 0.05);
  EXPECT_EQ(HarmAt(tolerant, 1000, {0.99, 1.03}), -1);
  HarmGuard strict(1, 0.05, 0.05);
  EXPECT_GE(HarmAt(strict, 1000, {1.03, 0.99}), 0);
}

TEST(HarmGuard, NeverStopsABetterVersion) {
  HarmGuard guard(5, 0.05, 0.05);
  EXPECT_EQ(HarmAt(guard, 2000, {0.8, 0.7}), -1);
  EXPECT_EQ(guard.rows(), 2000);
}

TEST(HarmGuard, SaysNothingBefore24Horizons) {
  HarmGuard guard(5, 0.05, 0.05);
  EXPECT_EQ(HarmAt(guard, 119, {10, 10}), -1);
  EXPECT_EQ(HarmAt(guard, 1, {10, 10}), 0);
}

TEST(HarmGuard, AnAnswerThatIsNoNumberIsHarmAtOnce) {
  HarmGuard guard(5, 0.05, 0.05);
  const auto harm = guard.Add(NAN, 1, 1);
  ASSERT_TRUE(harm);
  EXPECT_EQ(harm->against, Against::kReplaced);
  EXPECT_EQ(harm->judgement.verdict, Verdict::kRollBack);
  EXPECT_EQ(harm->judgement.evidence.rows, 0);
}

TEST(HarmGuard, ARowNobodyAnsweredSaysNothing) {
  HarmGuard guard(1, 0.05, 0.05);
  EXPECT_FALSE(guard.Add(NAN, NAN, 1));
  EXPECT_FALSE(guard.Add(1, NAN, NAN));
  EXPECT_EQ(guard.rows(), 0);
  EXPECT_GE(HarmAt(guard, 100, {1.3, 1.3}), 0);  // and does not blind the guard
}

TEST(HarmGuard, AnAnchorWithoutAnswersLeavesTheOtherComparison) {
  HarmGuard guard(1, 0.05, 0.05);
  std::optional<HarmGuard::Harm> harm;
  for (int i = 0; i < 100 && !harm; ++i) harm = guard.Add(1.3 + 0.01 * (i % 3), 1 + 0.01 * (i % 2), NAN);
  ASSERT_TRUE(harm);
  EXPECT_EQ(harm->against, Against::kReplaced);
}

TEST(HarmGuard, RestoredGuardGoesOnTheSame) {
  HarmGuard guard(5, 0.05, 0.05);
  HarmAt(guard, 130, {1.02, 1.04});
  HarmGuard restored(5, 0.05, 0.05);
  restored.Restore(guard.state());
  EXPECT_EQ(restored.rows(), guard.rows());
  EXPECT_EQ(HarmAt(restored, 2000, {1.04, 1.06}), HarmAt(guard, 2000, {1.04, 1.06}));
}

TEST(HarmGuard, Names) {
  EXPECT_STREQ(AgainstName(Against::kReplaced), "replaced");
  EXPECT_STREQ(AgainstName(Against::kAnchor), "anchor");
}

}  // namespace
}  // namespace hone
