#include "stats/block_bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/autoregressive_series_for_test.h"

namespace hone {
namespace {

TEST(BlockBootstrap, IndependentRowsGiveTheTextbookWidth) {
  Random random(1);
  const std::vector<double> values = Ar1(0, 4000, random);
  const Interval interval = BlockBootstrapMean(values, 1, 4000, 0.95, random);
  EXPECT_NEAR(interval.width(), 2 * 1.96 / std::sqrt(4000), 0.006);
}

TEST(BlockBootstrap, CoversTheMeanOfDependentRowsWhereSingleRowsDoNot) {
  int blocks = 0, single = 0;
  constexpr int kRuns = 400;
  for (int run = 0; run < kRuns; ++run) {
    Random random(static_cast<std::uint64_t>(run));
    const std::vector<double> values = Ar1(0.8, 1000, random);
    blocks += BlockBootstrapMean(values, 40, 300, 0.9, random).Contains(0);
    single += BlockBootstrapMean(values, 1, 300, 0.9, random).Contains(0);
  }
  EXPECT_GT(blocks / static_cast<double>(kRuns), 0.82);
  EXPECT_LT(single / static_cast<double>(kRuns), 0.6);
}

TEST(BlockBootstrap, RmseIsTheRootOfTheMean) {
  Random first(9), second(9);
  const std::vector<double> squares = {1, 4, 9, 16, 25, 1, 4, 9, 16, 25};
  const Interval mean = BlockBootstrapMean(squares, 2, 200, 0.9, first);
  const Interval rmse = BlockBootstrapRmse(squares, 2, 200, 0.9, second);
  EXPECT_DOUBLE_EQ(rmse.low, std::sqrt(mean.low));
  EXPECT_DOUBLE_EQ(rmse.high, std::sqrt(mean.high));
}

TEST(BlockBootstrap, PairedRmseIgnoresWhatBothShare) {
  Random random(4);
  std::vector<double> first, second;
  for (int i = 0; i < 500; ++i) {
    first.push_back(std::pow(10 * random.Normal(), 2) + 1);
    second.push_back(first.back() * 0.81);  // RMSE 0.9 of the first, row by row
  }
  const Interval difference = BlockBootstrapRmseDifference(first, second, 5, 500, 0.95, random);
  EXPECT_GT(difference.low, 0);
  EXPECT_LT(difference.width(), 0.4 * difference.high);
}

TEST(BlockBootstrap, SameSeedSameInterval) {
  const std::vector<double> values = {3, 1, 4, 1, 5, 9, 2, 6};
  Random first(5), second(5);
  EXPECT_EQ(BlockBootstrapMean(values, 3, 100, 0.95, first).low, BlockBootstrapMean(values, 3, 100, 0.95, second).low);
}

TEST(BlockBootstrap, EdgesOfItsArguments) {
  Random random(1);
  EXPECT_TRUE(std::isinf(BlockBootstrapMean({}, 3, 100, 0.95, random).low));
  const std::vector<double> one = {7};
  EXPECT_EQ(BlockBootstrapMean(one, 50, 0, 0.95, random).low, 7);
  const std::vector<double> values = {1, 2, 3};
  const Interval whole =
      BlockBootstrapMean(values, 1000, 50, 0.95, random);  // a circle's whole blocks: always the mean
  EXPECT_NEAR(whole.low, 2, 1e-12);
  EXPECT_NEAR(whole.high, 2, 1e-12);
}

}  // namespace
}  // namespace hone
