// Properties of the smaller formulas that no outside table covers.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "stats/benjamini_hochberg.h"
#include "stats/kolmogorov_distribution.h"
#include "stats/kolmogorov_smirnov.h"
#include "stats/losses.h"
#include "stats/normal.h"
#include "stats/quantile.h"
#include "stats/running_moments.h"
#include "stats/spearman.h"
#include "stats/wasserstein.h"
#include "stats/wilson_interval.h"

namespace hone {
namespace {

TEST(Normal, QuantileInvertsTheCdfAndRefusesNonsense) {
  for (const double z : {-7.0, -1.3, 0.0, 0.4, 3.2}) EXPECT_NEAR(NormalQuantile(NormalCdf(z)), z, 1e-9);
  EXPECT_EQ(NormalQuantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(NormalQuantile(1), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(NormalQuantile(1.1)));
  EXPECT_TRUE(std::isnan(NormalQuantile(NAN)));
}

TEST(Kolmogorov, BothSeriesMeetAndTheQuantileInverts) {
  EXPECT_NEAR(KolmogorovSurvival(std::nextafter(0.82, 0)), KolmogorovSurvival(0.82), 1e-14);
  for (const double p : {0.9, 0.5, 0.05, 1e-6}) EXPECT_NEAR(KolmogorovSurvival(KolmogorovQuantile(p)) / p, 1, 1e-12);
  EXPECT_EQ(KolmogorovSurvival(-1), 1);
  EXPECT_EQ(KolmogorovSurvival(1e-300), 1);
}

TEST(KolmogorovSmirnov, MissingValuesAreLeftOutAndEmptySamplesSayNothing) {
  const std::vector<double> a = {1, NAN, 2, 3}, b = {10, 11, NAN, 12}, nothing = {NAN, NAN};
  EXPECT_EQ(KolmogorovSmirnovTest(a, b).statistic, 1);
  EXPECT_NEAR(KolmogorovSmirnovTest(a, b).p_value, 0.1, 1e-15);  // 2 / binom(6, 3)
  EXPECT_EQ(KolmogorovSmirnovTest(a, nothing).p_value, 1);
}

TEST(KolmogorovSmirnov, CriticalValueInvertsThePValue) {
  const double d = KolmogorovSmirnovCritical(0.01, 80);
  EXPECT_NEAR(KolmogorovSmirnovPValue(d, 80), 0.01, 1e-12);
  EXPECT_EQ(KolmogorovSmirnovPValue(0.5, 0), 1);
}

TEST(Wasserstein, MovingEveryValueMovesTheDistance) {
  const std::vector<double> a = {1, 2, 5}, moved = {4, 5, 8}, doubled = {1, 1, 2, 2, 5, 5};
  EXPECT_DOUBLE_EQ(Wasserstein1(a, moved), 3);
  EXPECT_DOUBLE_EQ(Wasserstein2(a, moved), 3);
  EXPECT_EQ(Wasserstein1(a, doubled), 0);
  EXPECT_EQ(Wasserstein2(a, doubled), 0);
}

// scipy.stats.spearmanr (SciPy 1.17.1).
TEST(Spearman, SharesRanksAmongEqualsAndLeavesOutMissingPairs) {
  const std::vector<double> x = {3, 1, 4, 1, NAN, 5, 9, 2, 6, 5, 3, 5, 7},
                            y = {2, 7, 1, 8, 3, 2, 8, 1, 8, 2, 8, 4, NAN};
  EXPECT_NEAR(SpearmanCorrelation(x, y), 0.1384567651467695, 1e-15);
  std::vector<double> cubes = {1, 2, 3, 4};
  EXPECT_EQ(SpearmanCorrelation(cubes, std::vector<double>{1, 8, 27, 64}), 1);
  EXPECT_EQ(SpearmanCorrelation(cubes, std::vector<double>{0, -1, -2, -9}), -1);
  EXPECT_TRUE(std::isnan(SpearmanCorrelation(cubes, std::vector<double>{5, 5, 5, 5})));
  EXPECT_TRUE(std::isnan(SpearmanCorrelation(cubes, std::vector<double>{5, NAN, NAN, NAN})));
}

TEST(BenjaminiHochberg, EmptyAndTies) {
  EXPECT_TRUE(BenjaminiHochberg({}).empty());
  const std::array p = {0.02, 0.02, 0.9};
  const std::vector<double> adjusted = BenjaminiHochberg(p);
  EXPECT_NEAR(adjusted[0], 0.03, 1e-15);
  EXPECT_EQ(adjusted[0], adjusted[1]);
  EXPECT_EQ(adjusted[2], 0.9);
}

TEST(Quantile, OrderDoesNotMatterAndEmptyIsNan) {
  const std::array values = {9.0, 1.0, 5.0, 3.0};
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  for (const double p : {-1.0, 0.0, 0.3, 0.5, 0.99, 1.0, 2.0})
    EXPECT_EQ(Quantile(values, p), SortedQuantile(sorted, p));
  EXPECT_TRUE(std::isnan(Quantile({}, 0.5)));
}

TEST(RunningMoments, LargeOffsetsKeepTheirVarianceAndMergingIsAdding) {
  Random random(2);
  RunningMoments all, first, second;
  for (int i = 0; i < 10'000; ++i) {
    const double value = 1e9 + random.Normal();
    all.Add(value);
    (i < 3'000 ? first : second).Add(value);
  }
  EXPECT_NEAR(all.variance(), 1, 0.05);
  first.Merge(second);
  EXPECT_EQ(first.count(), all.count());
  EXPECT_NEAR(first.variance(), all.variance(), 1e-6);
  first.Merge(RunningMoments());
  EXPECT_EQ(first.count(), all.count());
}

TEST(Losses, AreTheirFormulas) {
  const std::array predictions = {1.0, 2.0, 4.0}, outcomes = {2.0, 2.0, 1.0};
  EXPECT_DOUBLE_EQ(MeanSquaredError(predictions, outcomes), 10.0 / 3);
  EXPECT_DOUBLE_EQ(RootMeanSquaredError(predictions, outcomes), std::sqrt(10.0 / 3));
  EXPECT_DOUBLE_EQ(MeanAbsoluteError(predictions, outcomes), 4.0 / 3);
  EXPECT_EQ(Qlike(3, 3), 0);
  EXPECT_GT(Qlike(1, 2), Qlike(2, 1));  // too low a variance forecast costs more than one too high
  EXPECT_TRUE(std::isnan(MeanAbsoluteError({}, {})));
}

TEST(Wilson, StaysWithinZeroAndOne) {
  EXPECT_EQ(WilsonInterval(0, 0, 0.95).low, 0);
  EXPECT_EQ(WilsonInterval(0, 0, 0.95).high, 1);
  EXPECT_GE(WilsonInterval(0, 3, 0.99).low, 0);
  EXPECT_LE(WilsonInterval(3, 3, 0.99).high, 1);
}

}  // namespace
}  // namespace hone
