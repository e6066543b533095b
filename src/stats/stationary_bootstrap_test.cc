#include "stats/stationary_bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/autoregressive_series_for_test.h"
#include "stats/pooled_counts.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

TEST(StationaryBootstrap, RunsAddUpAndHaveTheMeanLength) {
  Random random(1);
  RunningMoments lengths;
  std::size_t rows = 0;
  DrawStationaryRuns(100, 50'000, 8, random, [&](std::size_t begin, std::size_t end) {
    ASSERT_LT(begin, end);
    ASSERT_LE(end, 100U);
    rows += end - begin;
    if (begin > 0) lengths.Add(static_cast<double>(end - begin));  // a run that goes on at 0 is the rest of one
  });
  EXPECT_EQ(rows, 50'000U);
  EXPECT_NEAR(lengths.mean(), 8, 0.7);  // shortened by the end of the series now and then
}

TEST(StationaryBootstrap, RunsOfOneRowAreDrawnFromEverywhere) {
  Random random(2);
  std::vector<int> drawn(10);
  DrawStationaryRuns(10, 10'000, 1, random, [&](std::size_t begin, std::size_t end) {
    EXPECT_EQ(end, begin + 1);
    ++drawn[begin];
  });
  for (const int count : drawn) EXPECT_NEAR(count, 1000, 120);
}

// The mean of an AR(0.9) varies by (1 + phi) / (1 - phi) / n; resamples lose a share of it that `inflation` restores.
TEST(StationaryBootstrap, InflatedResamplesVaryLikeTheSeries) {
  RunningMoments plain, inflated;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const std::vector<double> values = Ar1(0.9, 5000, random);
    const BlockLength block = OptimalBlockLength(values);
    RunningMoments means;
    for (int i = 0; i < 200; ++i) {
      double sum = 0;
      DrawStationaryRuns(values.size(), values.size(), block.stationary, random,
                         [&](std::size_t begin, std::size_t end) {
                           for (; begin < end; ++begin) sum += values[begin];
                         });
      means.Add(sum / 5000);
    }
    plain.Add(means.variance() * 5000 / 19);
    inflated.Add(block.inflation * means.variance() * 5000 / 19);
  }
  EXPECT_LT(plain.mean(), inflated.mean());
  EXPECT_NEAR(inflated.mean(), 1, 0.12);
}

TEST(StationaryBootstrap, BlockLengthOfLittleOrNothing) {
  const std::vector<double> few = {1, 2, 3}, constant(100, 4.0);
  EXPECT_EQ(OptimalBlockLength(few).stationary, 1);
  EXPECT_EQ(OptimalBlockLength(constant).stationary, 1);
  EXPECT_EQ(OptimalBlockLength(constant).inflation, 1);
  std::vector<double> zigzag(100);
  for (std::size_t i = 0; i < zigzag.size(); ++i) zigzag[i] = i % 2 == 0 ? 1 : -1;
  const BlockLength block = OptimalBlockLength(zigzag);
  EXPECT_TRUE(std::isfinite(block.stationary) && block.stationary <= 30);
  EXPECT_TRUE(block.inflation >= 1 && block.inflation <= 2);
}

// Squares of normals: chi-square with one degree of freedom, whose tail is close to exponential.
TEST(ExponentialTail, AgreesWithTheTailItEstimates) {
  Random random(3);
  std::vector<double> draws(20'000);
  for (double& draw : draws) draw = std::pow(random.Normal(), 2);
  EXPECT_NEAR(ExponentialTailPValue(0.4549, draws), 0.5, 0.02);
  EXPECT_NEAR(ExponentialTailPValue(3.841, draws), 0.05, 0.006);
  EXPECT_NEAR(ExponentialTailPValue(10.83, draws), 0.001, 0.0007);
  EXPECT_EQ(ExponentialTailPValue(0, draws), 1);
  EXPECT_GT(ExponentialTailPValue(1e9, draws), 0);
}

TEST(PooledCounts, ResamplesKeepTheirPlaces) {
  const std::vector<double> series = {5, 1, 5, 3}, other = {1, 7};
  const PooledCounts counts = PoolSorted(std::vector<double>{1, 3, 5, 5}, other);
  EXPECT_EQ(counts.values, (std::vector<double>{1, 3, 5, 7}));
  EXPECT_EQ(counts.first, (std::vector<double>{1, 1, 2, 0}));
  EXPECT_EQ(counts.second, (std::vector<double>{1, 0, 0, 1}));
  const std::vector<std::uint32_t> places = PlacesIn(counts.values, series);
  EXPECT_EQ(places, (std::vector<std::uint32_t>{2, 0, 2, 1}));
  std::vector<double> drawn(4);
  Random random(4);
  ResampleCounts(places, 100, 3, random, drawn);
  EXPECT_EQ(drawn[0] + drawn[1] + drawn[2], 100);
  EXPECT_EQ(drawn[3], 0);
  PooledShares shares;
  BinPooled(counts, std::vector<double>{3, 6}, shares);
  EXPECT_EQ(shares.first, (std::vector<double>{0.5, 0.5, 0}));
  EXPECT_EQ(shares.second, (std::vector<double>{0.5, 0, 0.5}));
}

}  // namespace
}  // namespace hone
