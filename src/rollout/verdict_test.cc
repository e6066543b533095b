#include "rollout/verdict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace hone {
namespace {

// `rows` differences of mean `gain` and small independent noise.
PairedEvidenceProcess Differences(int horizon, int rows, double gain, double noise = 0.1) {
  PairedEvidenceProcess process(horizon);
  Random random(7);
  for (int i = 0; i < rows; ++i) process.Add(gain + noise * random.Normal());
  return process;
}

TEST(Verdict, NoDataBefore24Horizons) {
  for (const int horizon : {1, 5, 22}) {
    EXPECT_EQ(JudgePaired(PairedEvidenceProcess(horizon), 0.05, 0).verdict, Verdict::kNoData);
    EXPECT_EQ(JudgePaired(Differences(horizon, 24 * horizon - 1, 5), 0.05, 0).verdict, Verdict::kNoData) << horizon;
    EXPECT_EQ(JudgePaired(Differences(horizon, 24 * horizon, 5), 0.05, 0).verdict, Verdict::kHold) << horizon;
  }
}

// Twelve blocks can never carry a decision at 0.05, however clear they are: log e is bounded by its number of blocks.
TEST(Verdict, TheClearestGainIsDecidedAfter34Horizons) {
  for (const int horizon : {1, 5, 22}) {
    EXPECT_EQ(JudgePaired(Differences(horizon, 32 * horizon, 1e6), 0.05, 0).verdict, Verdict::kHold) << horizon;
    EXPECT_EQ(JudgePaired(Differences(horizon, 34 * horizon, 1e6), 0.05, 0).verdict, Verdict::kAdvance) << horizon;
  }
}

TEST(Verdict, NoDataBeforeThePolicysMinimum) {
  EXPECT_EQ(JudgePaired(Differences(1, 99, 5), 0.05, 100).verdict, Verdict::kNoData);
  EXPECT_EQ(JudgePaired(Differences(1, 100, 5), 0.05, 100).verdict, Verdict::kAdvance);
}

TEST(Verdict, SignOfTheMeanDecidesTheDirection) {
  const Judgement better = JudgePaired(Differences(1, 200, 1), 0.05, 0);
  const Judgement worse = JudgePaired(Differences(1, 200, -1), 0.05, 0);
  EXPECT_EQ(better.verdict, Verdict::kAdvance);
  EXPECT_GT(better.evidence.mean, 0);
  EXPECT_EQ(worse.verdict, Verdict::kRollBack);
  EXPECT_LT(worse.evidence.mean, 0);
}

TEST(Verdict, HoldsWithoutEvidence) {
  const Judgement judgement = JudgePaired(Differences(1, 200, 0, 1), 0.05, 0);
  EXPECT_EQ(judgement.verdict, Verdict::kHold);
  EXPECT_LT(judgement.evidence.log_e, judgement.threshold);
}

TEST(Verdict, StatesLevelAndThreshold) {
  const Judgement judgement = JudgePaired(Differences(1, 48, 1), 0.01, 0);
  EXPECT_DOUBLE_EQ(judgement.alpha, 0.01);
  EXPECT_DOUBLE_EQ(judgement.threshold, -std::log(0.02));
}

TEST(Verdict, StricterLevelNeedsMore) {
  const PairedEvidenceProcess process = Differences(1, 60, 0.07);
  EXPECT_EQ(JudgePaired(process, 0.05, 0).verdict, Verdict::kAdvance);
  EXPECT_EQ(JudgePaired(process, 1e-6, 0).verdict, Verdict::kHold);
}

TEST(Verdict, SaysNothingAfterADifferenceThatIsNoNumber) {
  PairedEvidenceProcess process = Differences(1, 200, 1);
  process.Add(std::numeric_limits<double>::quiet_NaN());
  for (int i = 0; i < 200; ++i) process.Add(1 + 0.1 * (i % 3));
  EXPECT_EQ(JudgePaired(process, 0.05, 0).verdict, Verdict::kNoData);
}

TEST(Verdict, Names) {
  EXPECT_STREQ(VerdictName(Verdict::kNoData), "no_data");
  EXPECT_STREQ(VerdictName(Verdict::kHold), "hold");
  EXPECT_STREQ(VerdictName(Verdict::kAdvance), "advance");
  EXPECT_STREQ(VerdictName(Verdict::kRollBack), "roll_back");
  EXPECT_STREQ(QuestionName(Question::kRefresh), "refresh");
  EXPECT_STREQ(QuestionName(Question::kRecipe), "recipe");
}

}  // namespace
}  // namespace hone
