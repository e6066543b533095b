// The rules of others against numbers from outside, and what they say of losses by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "comparison.h"
#include "five_percent_better.h"
#include "flagger_thresholds.h"
#include "growthbook_sequential.h"
#include "mixture_sprt.h"
#include "paired_t_test.h"

namespace hone::verdicts {
namespace {

// The row (1-based) at which a rule that sees the same difference pattern decides, with its call; 0 where it never
// does.
template <typename Rule>
std::pair<int, Call> DecidedAt(Rule rule, const std::vector<double>& differences, int rows) {
  for (int row = 1; row <= rows; ++row) {
    const double difference = differences[static_cast<std::size_t>(row - 1) % differences.size()];
    if (const Call call = rule.Add(1 + difference, 1); call != Call::kGoOn) return {row, call};
  }
  return {0, Call::kGoOn};
}

// SciPy 1.17.1: stats.t.ppf(0.95, df), stats.ttest_1samp.
TEST(PairedTTest, IsSciPys) {
  const StudentQuantiles quantiles(0.05, 1499);
  EXPECT_NEAR(quantiles.At(1), 6.313751514675037, 1e-11);
  EXPECT_NEAR(quantiles.At(24), 1.710882079909428, 1e-12);
  EXPECT_NEAR(quantiles.At(154), 1.6548083854766773, 1e-12);
  EXPECT_NEAR(quantiles.At(1499), 1.6458707830680739, 1e-12);
  RunningMoments moments;
  for (const double difference : {0.3, -0.1, 0.8, 0.5, -0.4, 0.9, 0.2, 0.1}) moments.Add(difference);
  EXPECT_NEAR(TStatistic(moments), 1.852533770715235, 1e-12);
}

TEST(PairedTTest, OneLookAtThePlannedRowsOrOneAfterEveryBatch) {
  EXPECT_EQ(PlannedRows(0.2, 0.05, 0.8), 155);  // 154.6
  const StudentQuantiles quantiles(0.05, 200);
  const std::vector<double> gains = {1.5, -0.5}, losses = {-1.5, 0.5};
  EXPECT_EQ(DecidedAt(FixedHorizonTTest(quantiles, 155), gains, 200), std::pair(155, Call::kPromote));
  EXPECT_EQ(DecidedAt(FixedHorizonTTest(quantiles, 155), losses, 200), std::pair(155, Call::kRefuse));
  EXPECT_EQ(DecidedAt(PeekingTTest(quantiles, Looks(1)), gains, 200), std::pair(24, Call::kPromote));
  EXPECT_EQ(DecidedAt(PeekingTTest(quantiles, Looks(5)), losses, 200), std::pair(120, Call::kRefuse));
  EXPECT_EQ(DecidedAt(PeekingTTest(quantiles, Looks(1)), {1, -1}, 200).first, 0);
}

// The mixture's integral by quadrature (scipy.integrate.quad, relative 1e-12).
TEST(MixtureSprt, IsTheMixtureOfLikelihoodRatios) {
  EXPECT_NEAR(LogMixtureRatio(100, 0.25, 1, 0.04), 1.69528104378295, 1e-10);
  EXPECT_NEAR(LogMixtureRatio(60, -0.4, 2, 0.08), 1.0822299312477661, 1e-10);
  EXPECT_NEAR(LogMixtureRatio(1500, 0.05, 1, 0.04), -0.21117463700468855, 1e-10);
}

TEST(MixtureSprt, DecidesWhereTheRatioReachesItsThreshold) {
  const std::vector<double> gains = {1.25, -0.75};
  RunningMoments moments;
  int expected = 0;
  for (int row = 1; expected == 0; ++row) {
    moments.Add(gains[static_cast<std::size_t>(row - 1) % 2]);
    const double variance = moments.variance(), n = row;
    if (row < 24 || row % 2 != 0) continue;
    const double ratio = std::sqrt(variance / (variance + n * 0.04 * variance)) *
                         std::exp(n * n * 0.04 * moments.mean() * moments.mean() / (2 * variance * (1 + n * 0.04)));
    if (ratio >= 1 / (2 * 0.05)) expected = row;
  }
  EXPECT_EQ(DecidedAt(MixtureSprt(0.05, 0.2, Looks(1)), gains, 500), std::pair(expected, Call::kPromote));
}

struct GrowthBookCase {
  double alpha, tuning;
  int rows;
  double estimate, variance, low, high;
};

// gbstats 0.8.0: SequentialTwoSidedTTest of two SampleMeanStatistic, difference_type "absolute". `rows` of a mean with
// that variance of the estimate alternate around it.
TEST(GrowthBookSequential, IsGbstats) {
  for (const GrowthBookCase& c : {
           GrowthBookCase{0.05, 5000, 1000, 0.06, 0.0015478957915831663, -0.07234646690566321, 0.1923464669056632},
           GrowthBookCase{0.1, 500, 120, 0.30000000000000004, 0.02728813559322034, -0.2002069496349057,
                          0.8002069496349058},
           GrowthBookCase{0.1, 5000, 1400, 0.11428571428571427, 0.0037593062976263463, -0.06758692321631041,
                          0.29615835178773897},
       }) {
    AsymptoticConfidenceSequence sequence(c.alpha, c.tuning);
    const double step = std::sqrt(c.variance * (c.rows - 1));
    for (int row = 0; row < c.rows; ++row) sequence.Add(c.estimate + (row % 2 == 0 ? step : -step));
    EXPECT_NEAR(sequence.interval().low, c.low, 1e-12);
    EXPECT_NEAR(sequence.interval().high, c.high, 1e-12);
  }
}

TEST(GrowthBookSequential, DecidesWhereZeroIsOutside) {
  const std::vector<double> gains = {1.25, -0.75}, losses = {-1.25, 0.75};
  AsymptoticConfidenceSequence sequence(0.1, 5000);
  int expected = 0;
  for (int row = 1; expected == 0; ++row) {
    sequence.Add(gains[static_cast<std::size_t>(row - 1) % 2]);
    if (row >= 24 && row % 2 == 0 && sequence.interval().low > 0) expected = row;
  }
  const GrowthBookSequential rule(0.05, GrowthBookSequential::kDefaultTuning, Looks(1));
  EXPECT_EQ(DecidedAt(rule, gains, 2000), std::pair(expected, Call::kPromote));
  EXPECT_EQ(DecidedAt(rule, losses, 2000), std::pair(expected, Call::kRefuse));
}

// Differences are the champion's 1 + d less a challenger of 1: its loss is always 1.
TEST(FlaggerThresholds, TenChecksMustPassBeforeTenFail) {
  EXPECT_EQ(DecidedAt(FlaggerThresholds({.most = 1.1}), {0}, 1000), std::pair(200, Call::kPromote));
  EXPECT_EQ(DecidedAt(FlaggerThresholds({.most = 0.9}), {0}, 1000), std::pair(200, Call::kRefuse));
}

// A failed check halts the rollout and stays counted: nine failures among the passes only cost their intervals.
TEST(FlaggerThresholds, FailuresHaltAndAreNeverCountedAnew) {
  FlaggerThresholds rule({.most = 1, .interval = 2, .passes = 10, .failures = 10});
  int row = 0;
  const auto check = [&](double loss) {
    rule.Add(0, loss - 0.5);
    ++row;
    return ++row, rule.Add(0, loss + 0.5);
  };
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(check(1.01), Call::kGoOn);
    EXPECT_EQ(check(0.99), Call::kGoOn);
  }
  FlaggerThresholds other = rule;
  EXPECT_EQ(check(1), Call::kPromote);
  other.Add(0, 2);
  EXPECT_EQ(other.Add(0, 2), Call::kRefuse);
}

TEST(FivePercentBetter, LooksOnceAtAHundredRows) {
  EXPECT_EQ(DecidedAt(FivePercentBetter(), {0.06}, 200), std::pair(100, Call::kPromote));  // 1 / 1.06 = 0.943
  EXPECT_EQ(DecidedAt(FivePercentBetter(), {0.052}, 200), std::pair(100, Call::kRefuse));  // 0.951
}

TEST(EachChallenger, EndsWithThePromotedOrWithNobodyLeft) {
  EachChallenger<FivePercentBetter> one_better(FivePercentBetter(), 3), all_worse(FivePercentBetter(), 2);
  for (int row = 0; row < 100; ++row) {
    EXPECT_FALSE(one_better.ended() || all_worse.ended());
    one_better.Add(1, std::vector<double>{1, 0.8, 1.2});
    all_worse.Add(1, std::vector<double>{1, 1.2});
  }
  EXPECT_TRUE(one_better.ended() && all_worse.ended());
  EXPECT_EQ(one_better.promoted(), 1);
  EXPECT_EQ(all_worse.promoted(), std::nullopt);
}

// Moments over many rows; what the header says of level, scale, correlation and gain.
TEST(LossStream, HasTheMomentsItsHeaderStates) {
  for (Setting setting : EqualSettings()) {
    setting.gain = 0.3;
    LossStream stream(setting, 3);
    RunningMoments champion, challenger, difference;
    for (int row = 0; row < 100'000; ++row) {
      const LossStream::Row& next = stream.Next();
      champion.Add(next.champion);
      challenger.Add(next.challengers[0]);
      difference.Add(next.champion - next.challengers[0]);
    }
    EXPECT_NEAR(champion.mean(), kMeanLoss, 0.06) << setting.name;
    EXPECT_NEAR(difference.mean(), 0.3, 0.05) << setting.name;
    EXPECT_NEAR(difference.variance(), 1, 0.05) << setting.name;
    const double correlation = (champion.variance() + challenger.variance() - difference.variance()) /
                               (2 * champion.standard_deviation() * challenger.standard_deviation());
    EXPECT_NEAR(correlation, 4.0 / 9, 0.05) << setting.name;
  }
}

TEST(LossStream, LateOutcomesComeOutOfOrderAndNoneIsLost) {
  Setting in_order{.name = "x", .horizon = 5}, late = in_order;
  late.late = 15;
  LossStream straight(in_order, 1), shuffled(late, 1);
  long before = 0, unordered = 0;
  std::vector<double> champions;
  for (int row = 1; row <= 500; ++row) {
    EXPECT_EQ(straight.Next().known_at, row + 5);
    const LossStream::Row& next = shuffled.Next();
    EXPECT_GE(next.known_at, before);
    before = next.known_at;
    unordered += next.made + 5 < before ? 1 : 0;
    EXPECT_TRUE(next.made + 5 <= next.known_at && next.known_at <= next.made + 20);
  }
  EXPECT_GT(unordered, 400);
}

}  // namespace
}  // namespace hone::verdicts
