#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "stats/off_policy/doubly_robust.h"
#include "stats/off_policy/importance_weights.h"
#include "stats/off_policy/inverse_propensity.h"
#include "stats/off_policy/self_normalised_propensity.h"
#include "stats/off_policy/switch_doubly_robust.h"
#include "stats/reference_table_for_test.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

constexpr double kAll = std::numeric_limits<double>::infinity();

double MeanOf(const std::vector<double>& terms) {
  return std::accumulate(terms.begin(), terms.end(), 0.0) / static_cast<double>(terms.size());
}

const ReferenceTable& Table() {
  static const auto* table = new ReferenceTable(std::string(HONE_SOURCE_DIR) + "/tests/reference/off_policy");
  return *table;
}

std::vector<LoggedChoice> Log(const std::string& name) {
  const auto column = [&](const std::string& field, std::size_t row) {
    return Table().Sample(field + "_" + name)[row];
  };
  std::vector<LoggedChoice> log(Table().Sample("reward_" + name).size());
  for (std::size_t i = 0; i < log.size(); ++i) {
    log[i] = {column("propensity", i), column("target", i), column("reward", i), column("model", i),
              column("model_target", i)};
  }
  return log;
}

double Computed(const std::string& function, const std::vector<LoggedChoice>& log, const Arguments& arguments) {
  const double largest = arguments.size() > 1 ? Number(arguments[1]) : kAll;
  if (function == "ips" || function == "vw_ips") return MeanOf(InversePropensityTerms(log));
  if (function == "snips" || function == "vw_snips") return MeanOf(SelfNormalisedTerms(log));
  if (function == "dr") return MeanOf(DoublyRobustTerms(log));
  if (function == "switch_dr") return MeanOf(SwitchDoublyRobustTerms(log, largest));
  if (function == "effective_rows") return WeightsOf(log, 0.95, largest).effective_rows;
  ADD_FAILURE() << "no function " << function;
  return 0;
}

// Open Bandit Pipeline 0.4.1 and VW's estimators 0.2.2; 1e-9 relative or 1e-12 absolute.
TEST(OffPolicyReference, EstimatesAreOpenBanditPipelinesAndVws) {
  ASSERT_GE(Table().lines().size(), 20U);
  for (const ReferenceTable::Line& line : Table().lines()) {
    const double computed = Computed(line.function, Log(line.arguments[0]), line.arguments);
    EXPECT_NEAR(computed, line.expected, 1e-9 * std::abs(line.expected) + 1e-12) << line.function << " " << line.name;
  }
}

const std::vector<LoggedChoice> kByHand = {
    {.propensity = 0.5, .target = 1, .reward = 2, .model = 1, .model_target = 1.5},
    {.propensity = 0.25, .target = 0, .reward = 7, .model = 6, .model_target = 1},
    {.propensity = 0.1, .target = 0.8, .reward = 1, .model = 2, .model_target = 3},
    {.propensity = 1, .target = 1, .reward = -1, .model = 0, .model_target = 0},
};

TEST(OffPolicy, TermsByHand) {
  EXPECT_EQ(InversePropensityTerms(kByHand), (std::vector<double>{4, 0, 8, -1}));
  EXPECT_DOUBLE_EQ(MeanOf(SelfNormalisedTerms(kByHand)), 1.0);  // 11 / 11
  EXPECT_EQ(DoublyRobustTerms(kByHand), (std::vector<double>{3.5, 1, -5, -1}));
  EXPECT_EQ(SwitchDoublyRobustTerms(kByHand, 2), (std::vector<double>{3.5, 1, 3, -1}));  // 2 is not above 2
  EXPECT_EQ(SwitchDoublyRobustTerms(kByHand, 0), (std::vector<double>{1.5, 1, 3, 0}));
  EXPECT_EQ(SwitchDoublyRobustTerms(kByHand, kAll), DoublyRobustTerms(kByHand));
}

TEST(OffPolicy, AConstantAddedToTheRewardsMovesSnipsByIt) {
  std::vector<LoggedChoice> higher = kByHand;
  for (LoggedChoice& row : higher) row.reward += 10;
  EXPECT_NEAR(MeanOf(SelfNormalisedTerms(higher)), MeanOf(SelfNormalisedTerms(kByHand)) + 10, 1e-12);
  EXPECT_GT(MeanOf(InversePropensityTerms(higher)), MeanOf(InversePropensityTerms(kByHand)) + 20);
}

TEST(OffPolicy, ThePolicyThatLoggedIsItsMeanReward) {
  std::vector<LoggedChoice> log = kByHand;
  for (LoggedChoice& row : log) row.target = row.propensity;
  EXPECT_DOUBLE_EQ(MeanOf(InversePropensityTerms(log)), 9.0 / 4);
  EXPECT_EQ(SelfNormalisedTerms(log), (std::vector<double>{2, 7, 1, -1}));
  EXPECT_EQ(WeightsOf(log, 0.95, kAll).effective_rows, 4);
}

TEST(ImportanceWeights, EffectiveRowsByHand) {
  const ImportanceWeights weights = WeightsOf(kByHand, 0.95, kAll);  // 2, 0, 8, 1
  EXPECT_NEAR(weights.effective_rows, 121.0 / 69, 1e-12);
  EXPECT_EQ(weights.largest, 8);
  EXPECT_EQ(weights.mean.value, 11.0 / 4);
  EXPECT_NEAR(WeightsOf(kByHand, 0.95, 7).effective_rows, 9.0 / 5, 1e-12);
  EXPECT_EQ(WeightsOf(kByHand, 0.95, 0.5).effective_rows, 0);
}

TEST(ImportanceWeights, HugeWeightsOverflowNothing) {
  const std::vector<LoggedChoice> log(3, {.propensity = 1e-300, .target = 1});
  EXPECT_DOUBLE_EQ(WeightsOf(log, 0.95, kAll).effective_rows, 3);
}

// Independent rows: the standard error is the textbook's up to the autocorrelation that chance shows.
TEST(OffPolicyEstimate, IsANormalInterval) {
  Random random(4);
  std::vector<double> terms(20'000);
  RunningMoments moments;
  for (double& term : terms) moments.Add(term = 2 + 3 * random.Normal());
  const OffPolicyEstimate estimate = EstimateFrom(terms, 0.95);
  EXPECT_NEAR(estimate.value, moments.mean(), 1e-12);
  EXPECT_NEAR(estimate.standard_error, moments.standard_deviation() / std::sqrt(20'000), 0.05 * 3 / std::sqrt(20'000));
  EXPECT_NEAR(estimate.interval.width(), 2 * 1.959963984540054 * estimate.standard_error, 1e-12);
  EXPECT_TRUE(std::isinf(EstimateFrom(std::vector<double>{1}, 0.95).interval.high));
}

}  // namespace
}  // namespace hone
