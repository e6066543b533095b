// Effective sample size, autoregression and population stability on series whose truth is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "stats/autoregression.h"
#include "stats/autoregressive_series_for_test.h"
#include "stats/effective_sample_size.h"
#include "stats/population_stability.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

TEST(EffectiveSampleSize, IsOnePlusPhiOverOneMinusPhiOnAr1) {
  for (const double phi : {0.0, 0.5, 0.9}) {
    RunningMoments tau;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      Random random(seed);
      const AutocorrelationTime time = IntegratedAutocorrelationTime(Ar1(phi, 20'000, random));
      EXPECT_TRUE(time.converged);
      tau.Add(time.tau);
    }
    EXPECT_NEAR(tau.mean(), (1 + phi) / (1 - phi), 0.05 * (1 + phi) / (1 - phi)) << phi;
  }
}

TEST(EffectiveSampleSize, EdgesOfItsInput) {
  const std::vector<double> constant(50, 3.0), three = {1, 2, 3};
  EXPECT_EQ(EffectiveSampleSize(constant), 50);
  EXPECT_EQ(EffectiveSampleSize(three), 3);
  std::vector<double> trend(100);
  for (std::size_t i = 0; i < trend.size(); ++i) trend[i] = static_cast<double>(i);
  EXPECT_LT(EffectiveSampleSize(trend), 5);
  std::vector<double> zigzag(100);
  for (std::size_t i = 0; i < zigzag.size(); ++i) zigzag[i] = i % 2 == 0 ? 1 : -1;
  EXPECT_LE(EffectiveSampleSize(zigzag), 100);
}

TEST(Autoregression, FindsItsCoefficientsAndLeavesWhiteResiduals) {
  Random random(5);
  std::vector<double> values(50'000), residuals;
  for (std::size_t t = 2; t < values.size(); ++t)
    values[t] = 0.6 * values[t - 1] - 0.3 * values[t - 2] + random.Normal();
  for (double& value : values) value += 40;
  const Autoregression fit = FitAutoregression(values, 5);
  EXPECT_NEAR(fit.coefficients[0], 0.6, 0.02);
  EXPECT_NEAR(fit.coefficients[1], -0.3, 0.02);
  for (std::size_t i = 2; i < 5; ++i) EXPECT_NEAR(fit.coefficients[i], 0, 0.02);
  fit.Residuals(values, residuals);
  EXPECT_EQ(residuals.size(), values.size() - 5);
  EXPECT_LT(IntegratedAutocorrelationTime(residuals).tau, 1.1);
}

TEST(Autoregression, ConstantAndShortSeries) {
  const std::vector<double> constant(20, 5.0), two = {1, 2};
  std::vector<double> residuals;
  for (const double c : FitAutoregression(constant, 5).coefficients) EXPECT_EQ(c, 0);
  EXPECT_EQ(FitAutoregression(two, 5).coefficients.size(), 1U);
  FitAutoregression(constant, 5).Residuals(two, residuals);
  EXPECT_TRUE(residuals.empty());
  EXPECT_TRUE(FitAutoregression({}, 5).coefficients.empty());
}

// The numbers behind the correction: on 1,000 and 100 rows and ten bins the mean without change is 9 (1/1000 + 1/100).
TEST(PopulationStability, IsCentredAndCalibratedWithoutChange) {
  RunningMoments index, corrected;
  int over_limit = 0, rejected = 0;
  constexpr int kRuns = 2000;
  for (int run = 0; run < kRuns; ++run) {
    Random random(static_cast<std::uint64_t>(run));
    std::vector<double> reference = Ar1(0, 1000, random), current = Ar1(0, 100, random);
    std::sort(reference.begin(), reference.end());
    std::sort(current.begin(), current.end());
    const std::vector<double> edges = QuantileEdges(reference, 10);
    const PopulationStability psi = CompareShares(BinShares(reference, edges), BinShares(current, edges), 1000, 100);
    index.Add(psi.index);
    corrected.Add(psi.corrected);
    over_limit += psi.index > 0.1;
    rejected += psi.p_value < 0.05;
  }
  EXPECT_NEAR(index.mean(), 9 * (1.0 / 1000 + 1.0 / 100), 0.008);
  EXPECT_NEAR(corrected.mean(), 0, 0.008);
  EXPECT_GT(over_limit / static_cast<double>(kRuns), 0.3);  // what the habit of "PSI > 0.1" does
  EXPECT_NEAR(rejected / static_cast<double>(kRuns), 0.05, 0.03);
}

TEST(PopulationStability, DiscreteAndConstantColumns) {
  const std::vector<double> constant(40, 2.0), days = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4};
  EXPECT_TRUE(QuantileEdges(constant, 10).empty());
  const std::vector<double> edges = QuantileEdges(days, 10);
  EXPECT_TRUE(std::is_sorted(edges.begin(), edges.end()));
  EXPECT_EQ(std::adjacent_find(edges.begin(), edges.end()), edges.end());
  double sum = 0;
  for (const double share : BinShares(days, edges)) sum += share;
  EXPECT_NEAR(sum, 1, 1e-12);
  const std::vector<double> one_bin = {1.0};
  EXPECT_EQ(CompareShares(one_bin, one_bin, 10, 10).index, 0);
}

}  // namespace
}  // namespace hone
