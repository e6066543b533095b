// Indices, scores, weights and probabilities of being best against numbers from outside (tests/reference/
// make_bandit_reference.py: Open Bandit Pipeline 0.4.1, NumPy, SciPy's adaptive quadrature).
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "stats/bandits/best_arm_probability.h"
#include "stats/bandits/discounted_ucb.h"
#include "stats/bandits/exp3.h"
#include "stats/bandits/lin_ucb.h"
#include "stats/bandits/sliding_window_ucb.h"
#include "stats/bandits/ucb1.h"
#include "stats/reference_table_for_test.h"

namespace hone {
namespace {

constexpr int kHistoryArms = 4, kHistoryWidth = 3;

const ReferenceTable& BanditTable() {
  static const auto* table = new ReferenceTable(std::string(HONE_SOURCE_DIR) + "/tests/reference/bandit");
  return *table;
}

// The policy after the history, each reward told at once.
template <typename Policy>
Policy Learned(Policy policy) {
  const std::vector<double>& arms = BanditTable().Sample("arm");
  for (std::size_t row = 0; row < arms.size(); ++row) {
    policy.Pass();
    policy.Learn({0, static_cast<int>(arms[row]), BanditTable().Sample("propensity")[row],
                  std::span(BanditTable().Sample("context")).subspan(row * kHistoryWidth, kHistoryWidth),
                  BanditTable().Sample("reward")[row]});
  }
  return policy;
}

std::vector<double> IndicesOf(const std::string& function) {
  const std::vector<double>& x = BanditTable().Sample("x");
  std::vector<double> indices(kHistoryArms);
  if (function == "ucb1") Learned(Ucb1(kHistoryArms, {})).Indices(indices);
  if (function == "discounted_ucb") Learned(DiscountedUcb(kHistoryArms, {.discount = 0.99})).Indices(indices);
  if (function == "sliding_window_ucb") Learned(SlidingWindowUcb(kHistoryArms, {.window = 100})).Indices(indices);
  if (function == "lin_ucb") Learned(LinUcb(kHistoryArms, kHistoryWidth, {.alpha = 0.7})).Indices(x, indices);
  if (function == "exp3") Learned(Exp3(kHistoryArms, {.gamma = 0.1})).Weigh({}, indices);
  return indices;
}

std::vector<double> BestOf(const std::string& function, const std::string& name) {
  const auto sample = [&](const char* member) { return BanditTable().Sample(member + name); };
  std::vector<double> probabilities;
  double sum = 0;
  if (function == "best_normal") {
    std::vector<NormalArm> arms(sample("normal_mean_").size());
    for (std::size_t i = 0; i < arms.size(); ++i) arms[i] = {sample("normal_mean_")[i], sample("normal_deviation_")[i]};
    probabilities.resize(arms.size());
    sum = BestArmProbability(arms, probabilities);
  } else {
    std::vector<BetaArm> arms(sample("beta_alpha_").size());
    for (std::size_t i = 0; i < arms.size(); ++i) arms[i] = {sample("beta_alpha_")[i], sample("beta_beta_")[i]};
    probabilities.resize(arms.size());
    sum = BestArmProbability(arms, probabilities);
  }
  EXPECT_NEAR(sum, 1, 1e-9) << name;
  return probabilities;
}

TEST(BanditReference, IndicesScoresWeightsAndProbabilities) {
  ASSERT_GE(BanditTable().lines().size(), 50U);
  for (const ReferenceTable::Line& line : BanditTable().lines()) {
    const bool best = line.function.starts_with("best_");
    const auto arm = static_cast<std::size_t>(Number(line.arguments.back()));
    const std::vector<double> computed = best ? BestOf(line.function, line.arguments[0]) : IndicesOf(line.function);
    EXPECT_NEAR(computed[arm], line.expected, 1e-9) << line.function << " " << line.name;
  }
}

// By symmetry: equal arms are equally likely to be best, however many and however much is known of them.
TEST(BestArmProbability, EqualArmsShare) {
  for (const double count : {0.1, 1.0, 1e3, 1e8}) {
    std::vector<double> probabilities(7);
    EXPECT_NEAR(BestArmProbability(std::vector<BetaArm>(7, {count, 3 * count}), probabilities), 1, 1e-9) << count;
    for (const double probability : probabilities) EXPECT_NEAR(probability, 1.0 / 7, 1e-9) << count;
  }
}

// Two normal arms in closed form: P(X > Y) = Phi((m - n) / sqrt(s^2 + t^2)).
TEST(BestArmProbability, TwoNormalArmsInClosedForm) {
  for (const double narrow : {1.0, 1e-3, 1e-8}) {
    std::vector<double> probabilities(2);
    BestArmProbability(std::vector<NormalArm>{{0, 1}, {0.5, narrow}}, probabilities);
    EXPECT_NEAR(probabilities[0], 0.5 * std::erfc(0.5 / std::sqrt(2 * (1 + narrow * narrow))), 1e-9) << narrow;
  }
}

// Beta(1, 1) against Beta(n, 1), the largest of n uniform numbers: P = 1 / (n + 1).
TEST(BestArmProbability, TheLargestOfUniformNumbers) {
  for (const double n : {1.0, 10.0, 1e4, 1e6}) {
    std::vector<double> probabilities(2);
    BestArmProbability(std::vector<BetaArm>{{1, 1}, {n, 1}}, probabilities);
    EXPECT_NEAR(probabilities[0], 1 / (n + 1), 1e-9) << n;
  }
}

}  // namespace
}  // namespace hone
