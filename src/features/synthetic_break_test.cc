// The synthetic break is one that matters: a model fitted before it is far worse after it than one fitted after it.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "features/build_dataset.h"
#include "market/synthetic.h"

namespace hone {
namespace {

constexpr int kTerms = 4;  // 1-, 5-, 22-bar log variance and a constant
constexpr int kHorizon = 5;
constexpr std::size_t kWarmUp = 22;
using Coefficients = std::array<double, kTerms>;

Dataset DatasetOf(const BarSeries& series) {
  auto data = BuildDataset(series, {"log_range_1", "log_range_5", "log_range_22"}, "volatility", kHorizon);
  EXPECT_TRUE(data.ok());
  return std::move(data).value();
}

Coefficients Terms(const Dataset& data, std::size_t i) { return {data.row(i)[0], data.row(i)[1], data.row(i)[2], 1}; }

// Least squares by the normal equations and Gauss-Jordan elimination, levels taken from their usual value.
Coefficients Fit(const Dataset& data, std::size_t begin, std::size_t end) {
  double a[kTerms][kTerms + 1] = {};
  for (std::size_t i = begin; i < end; ++i) {
    const Coefficients terms = Terms(data, i);
    for (int r = 0; r < kTerms; ++r) {
      for (int c = 0; c < kTerms; ++c)
        a[r][c] += terms[static_cast<std::size_t>(r)] * terms[static_cast<std::size_t>(c)];
      a[r][kTerms] += terms[static_cast<std::size_t>(r)] * data.y[i];
    }
  }
  for (int p = 0; p < kTerms; ++p) {
    for (int r = 0; r < kTerms; ++r) {
      if (r == p) continue;
      const double factor = a[r][p] / a[p][p];
      for (int c = p; c <= kTerms; ++c) a[r][c] -= factor * a[p][c];
    }
  }
  return {a[0][kTerms] / a[0][0], a[1][kTerms] / a[1][1], a[2][kTerms] / a[2][2], a[3][kTerms] / a[3][3]};
}

double SquaredError(const Dataset& data, const Coefficients& model) {
  double sum = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const Coefficients terms = Terms(data, i);
    double prediction = 0;
    for (std::size_t t = 0; t < kTerms; ++t) prediction += model[t] * terms[t];
    sum += (prediction - data.y[i]) * (prediction - data.y[i]);
  }
  return sum / static_cast<double>(data.rows());
}

struct Errors {
  double before, after;  // of the model fitted before the change, and of one fitted on 250 rows after it
};

Errors TrueErrors(const SyntheticMarket& market, std::size_t changed_at) {
  const Dataset data = DatasetOf(market.series());
  const std::size_t change = market.change_at() - (kWarmUp - 1), settled = changed_at - (kWarmUp - 1) + kWarmUp;
  const Dataset truth = DatasetOf(market.FreshBars(market.series().bars.size() - 1, 20000));
  return {SquaredError(truth, Fit(data, 0, change - kHorizon)), SquaredError(truth, Fit(data, settled, settled + 250))};
}

TEST(SyntheticBreak, AModelFromBeforeHasTwiceTheErrorInEverySeed) {
  double sum = 0;
  constexpr int kSeeds = 10;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const SyntheticMarket market({"break", 1500}, static_cast<std::uint64_t>(seed));
    const Errors errors = TrueErrors(market, market.change_at());
    EXPECT_GT(errors.before / errors.after, 2) << "seed " << seed;
    sum += errors.before / errors.after;
  }
  EXPECT_GT(sum / kSeeds, 3);
}

TEST(SyntheticGradual, EndsWhereTheBreakEnds) {
  const SyntheticMarket market({"gradual", 1500}, 4);
  const Errors errors = TrueErrors(market, market.change_at() + 400);
  EXPECT_GT(errors.before / errors.after, 2);
}

TEST(SyntheticCalm, AModelFromBeforeStaysGood) {
  const SyntheticMarket market({"calm", 1500}, 4);
  const Dataset data = DatasetOf(market.series());
  const Dataset truth = DatasetOf(market.FreshBars(1499, 20000));
  const double early = SquaredError(truth, Fit(data, 0, 600));
  const double late = SquaredError(truth, Fit(data, 700, 1300));
  EXPECT_NEAR(early / late, 1, 0.1);
}

TEST(SyntheticFlicker, ReturnsToTheOldTruth) {
  const SyntheticMarket market({"flicker", 1500}, 4);
  const Dataset data = DatasetOf(market.series());
  const Coefficients old = Fit(data, 0, market.change_at() - kWarmUp - kHorizon);
  const double during = SquaredError(DatasetOf(market.FreshBars(market.change_at() + 30, 20000)), old);
  const double later = SquaredError(DatasetOf(market.FreshBars(1499, 20000)), old);
  EXPECT_GT(during / later, 2);
}

}  // namespace
}  // namespace hone
