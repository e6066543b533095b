// What the formulas promise beyond the outside numbers of metrics_reference_test.cc: identities, edges, intervals.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "stats/bootstrap_interval.h"
#include "stats/brier_decomposition.h"
#include "stats/calibration_error.h"
#include "stats/maximum_drawdown.h"
#include "stats/probability_bins.h"
#include "stats/profit_factor.h"
#include "stats/roc_area.h"
#include "stats/running_moments.h"
#include "stats/sharpe_ratio.h"
#include "stats/sortino_ratio.h"

namespace hone {
namespace {

using Values = std::vector<double>;

struct Forecast {
  Values probabilities, outcomes;
};

// Perfectly calibrated probabilities.
Forecast Calibrated(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  Forecast forecast;
  for (std::size_t i = 0; i < rows; ++i) {
    forecast.probabilities.push_back(random.Uniform());
    forecast.outcomes.push_back(random.Uniform() < forecast.probabilities.back() ? 1 : 0);
  }
  return forecast;
}

TEST(ProbabilityBins, AreEvenAndNeverPartEqualProbabilities) {
  const auto even = EqualMassBins(Values{.4, .1, .3, .2}, Values{1, 0, 1, 0}, 2);
  ASSERT_EQ(even.size(), 2U);
  EXPECT_DOUBLE_EQ(even[0].mean_probability, .15);
  EXPECT_DOUBLE_EQ(even[1].event_rate, 1);
  const auto tied = EqualMassBins(Values{.5, .5, .5, .9}, Values{1, 0, 1, 1}, 4);
  ASSERT_EQ(tied.size(), 2U);
  EXPECT_EQ(tied[0].rows, 3U);
  EXPECT_TRUE(EqualMassBins({}, {}, 5).empty());
}

TEST(BrierDecomposition, OfOneProbabilityABinHasNothingWithinBins) {
  const Values p{.2, .2, .2, .2, .8, .8, .8, .8}, y{0, 0, 1, 0, 1, 1, 0, 0};
  const BrierDecomposition parts = DecomposeBrier(p, y, 2);
  EXPECT_NEAR(parts.within_bins, 0, 1e-15);
  EXPECT_NEAR(parts.reliability, (.05 * .05 + .3 * .3) / 2, 1e-15);
  EXPECT_NEAR(parts.resolution, .125 * .125, 1e-15);
  EXPECT_NEAR(parts.uncertainty, 3.0 / 8 * 5 / 8, 1e-15);
  EXPECT_TRUE(std::isnan(DecomposeBrier({}, {}, 2).reliability));
}

TEST(CalibrationError, ChanceIsTakenOutOnTheAverage) {
  double debiased = 0, plain = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Forecast f = Calibrated(200, seed);
    debiased += DebiasedSquaredCalibrationError(f.probabilities, f.outcomes, 10) / 400;
    plain += PlainCalibrationError(f.probabilities, f.outcomes, 10) / 400;
  }
  EXPECT_NEAR(debiased, 0, 5e-4);
  EXPECT_GT(plain, 0.05);
}

TEST(RocArea, OfOneKindIsNoNumberAndOfPerfectOrderOne) {
  EXPECT_TRUE(std::isnan(AreaUnderRoc(Values{.1, .2}, Values{1, 1}).area));
  const RocArea perfect = AreaUnderRoc(Values{.1, .2, .8, .9}, Values{0, 0, 1, 1});
  EXPECT_EQ(perfect.area, 1);
  EXPECT_EQ(RocAreaInterval(perfect, 1, .95).low, 0);
}

TEST(RocArea, InfluenceHasDeLongsVariance) {
  const Forecast f = Calibrated(2000, 3);
  const RocArea roc = AreaUnderRoc(f.probabilities, f.outcomes);
  RunningMoments moments;
  for (const double value : roc.influence) moments.Add(value);
  EXPECT_NEAR(moments.mean(), 0, 1e-12);
  EXPECT_NEAR(moments.variance() / 2000 / roc.variance, 1, 0.01);
  EXPECT_TRUE(RocAreaInterval(roc, 1, .95).Contains(roc.area));
  EXPECT_GT(RocAreaInterval(roc, 4, .95).width(), 1.9 * RocAreaInterval(roc, 1, .95).width());
}

TEST(SharpeRatio, OfIndependentNormalsHasLosError) {
  Random random(5);
  Values returns(20'000);
  for (double& value : returns) value = 0.1 + random.Normal();
  const SharpeRatio sharpe = ComputeSharpeRatio(returns, 1, 0.95);
  EXPECT_NEAR(sharpe.per_row, 0.1, 0.02);
  EXPECT_NEAR(sharpe.standard_error / std::sqrt((1 + 0.01 / 2) / 20'000), 1, 0.05);
  EXPECT_NEAR(sharpe.interval.width(), 2 * 1.95996 * sharpe.standard_error, 1e-5);
}

TEST(SharpeRatio, CorrelationShrinksTheScale) {
  EXPECT_DOUBLE_EQ(SharpeScale(252, {}), std::sqrt(252));
  EXPECT_NEAR(std::sqrt(252) / SharpeScale(252, Values{.2, .04, .008, .0016}), 1.22, 0.01);  // AR(1), 0.2
  EXPECT_GT(SharpeScale(12, Values{-.2}), std::sqrt(12));
  EXPECT_EQ(SharpeScale(12, Values{-2}), 12);  // an impossible variance is that of one row
  EXPECT_EQ(SharpeScale(1, Values{.5}), 1);
}

TEST(SharpeRatio, WithoutVariationIsNoNumber) {
  EXPECT_TRUE(std::isnan(ComputeSharpeRatio(Values{.1, .1, .1}, 252, .95).annualised));
  EXPECT_TRUE(std::isnan(ComputeSharpeRatio(Values{.1}, 252, .95).annualised));
  EXPECT_TRUE(std::isinf(ComputeSharpeRatio({}, 252, .95).interval.high));
}

TEST(ReturnRatios, AtTheirEdges) {
  EXPECT_EQ(MaximumDrawdown({}), 0);
  EXPECT_DOUBLE_EQ(MaximumDrawdown(Values{-.1, .5, -.2, .1}), .2);
  EXPECT_EQ(MaximumDrawdown(Values{.5, -1, 3}), 1);
  EXPECT_EQ(MaximumDrawdown(Values{-3, 3}), 1);
  EXPECT_EQ(ProfitFactor(Values{.1, 0}), INFINITY);
  EXPECT_EQ(ProfitFactor(Values{-.1, 0}), 0);
  EXPECT_TRUE(std::isnan(ProfitFactor(Values{0})));
  EXPECT_EQ(SortinoRatio(Values{.1, .2}), INFINITY);
  EXPECT_TRUE(std::isnan(SortinoRatio(Values{0, 0})));
}

// Share of series whose interval holds the true mean of 0.
double Coverage(double phi, double mean_block) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    Values series(400);
    for (std::size_t i = 0; i < series.size(); ++i) {
      series[i] = (i > 0 ? phi * series[i - 1] : 0) + random.Normal();
    }
    const auto mean = [&](std::span<const std::size_t> rows) {
      double sum = 0;
      for (const std::size_t row : rows) sum += series[row];
      return sum / static_cast<double>(rows.size());
    };
    held += BootstrapInterval(series.size(), mean_block, 200, 0.9, random, mean).interval.Contains(0);
  }
  return held / 200.0;
}

TEST(BootstrapInterval, CoversOnlyWithBlocksAsLongAsTheDependence) {
  EXPECT_NEAR(Coverage(0, 1), 0.9, 0.065);
  EXPECT_GT(Coverage(0.7, 25), 0.8);
  EXPECT_LT(Coverage(0.7, 1), 0.7);
}

TEST(BootstrapInterval, LeavesOutWhatIsNoNumber) {
  Random random(1);
  const auto none = [](std::span<const std::size_t>) { return std::nan(""); };
  EXPECT_TRUE(std::isinf(BootstrapInterval(10, 2, 50, .9, random, none).interval.high));
  EXPECT_TRUE(std::isinf(BootstrapInterval(0, 2, 50, .9, random, none).interval.low));
}

}  // namespace
}  // namespace hone
