#include "rollout/trial_duration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/autocorrelation.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

std::vector<double> Draw(const DifferenceSource& source, int rows, std::uint64_t seed = 1) {
  Random random(seed);
  const auto next = source(random);
  std::vector<double> values;
  for (int i = 0; i < rows; ++i) values.push_back(next());
  return values;
}

double Deviation(const std::vector<double>& values) {
  RunningMoments moments;
  for (const double value : values) moments.Add(value);
  return moments.standard_deviation();
}

TEST(TrialDuration, NormalDifferencesAreAsAskedFor) {
  const auto plain = Draw(NormalDifferences(2, 0.5, 1), 50'000);
  EXPECT_NEAR(Deviation(plain), 2, 0.05);
  EXPECT_NEAR(Autocorrelations(plain, 1)[0], 0.5, 0.02);
  const auto week = Draw(NormalDifferences(3, 0, 5), 50'000);
  EXPECT_NEAR(Deviation(week), 3, 0.1);
  EXPECT_NEAR(Autocorrelations(week, 5)[3], 0.2, 0.03);
  EXPECT_NEAR(Autocorrelations(week, 5)[4], 0, 0.03);
}

TEST(TrialDuration, ResampledDifferencesKeepSpreadAndDependence) {
  std::vector<double> log = Draw(NormalDifferences(1, 0.6, 1), 3000, 2);
  for (double& value : log) value += 5;
  const auto drawn = Draw(ResampledDifferences(log, 1), 50'000);
  EXPECT_NEAR(Deviation(drawn), Deviation(log), 0.05);
  EXPECT_NEAR(Autocorrelations(drawn, 1)[0], 0.5, 0.08);
  RunningMoments moments;
  for (const double value : drawn) moments.Add(value);
  EXPECT_NEAR(moments.mean(), 0, 0.06);
}

DurationQuestion Ask(double gain, double power) {
  DurationQuestion question;
  question.gain = gain;
  question.power = power;
  question.runs = 300;
  question.longest = 3000;
  return question;
}

TEST(TrialDuration, MorePowerLessGainAndDependenceTakeMoreRows) {
  const DifferenceSource noise = NormalDifferences(1, 0, 1), dependent = NormalDifferences(1, 0.6, 1);
  const TrialDuration base = PlanDuration(Ask(0.3, 0.8), noise);
  ASSERT_TRUE(base.rows && base.low && base.high);
  EXPECT_LE(*base.low, *base.rows);
  EXPECT_GE(*base.high, *base.rows);
  EXPECT_LE(*base.median, *base.rows);
  EXPECT_GT(*PlanDuration(Ask(0.3, 0.95), noise).rows, *base.rows);
  EXPECT_GT(*PlanDuration(Ask(0.2, 0.8), noise).rows, *base.rows);
  EXPECT_GT(*PlanDuration(Ask(0.3, 0.8), dependent).rows, 2 * *base.rows);
}

// What was planned on one set of seeds holds on another.
TEST(TrialDuration, ThePlannedShareAdvancesByThePlannedRow) {
  const DifferenceSource noise = NormalDifferences(1, 0.3, 2);
  DurationQuestion question = Ask(0.35, 0.8);
  question.terms.horizon = 2;
  const TrialDuration plan = PlanDuration(question, noise);
  ASSERT_TRUE(plan.rows);
  question.seed = 5000;
  question.longest = static_cast<int>(*plan.rows);
  EXPECT_NEAR(PlanDuration(question, noise).advanced, 0.8, 0.1);
}

TEST(TrialDuration, WithoutAGainThereIsNoSuchRow) {
  const TrialDuration none = PlanDuration(Ask(0, 0.8), NormalDifferences(1, 0, 1));
  EXPECT_FALSE(none.rows);
  EXPECT_LT(none.advanced, 0.08);
  const TrialDuration worse = PlanDuration(Ask(-0.5, 0.8), NormalDifferences(1, 0, 1));
  EXPECT_GT(worse.rolled_back, 0.95);
}

}  // namespace
}  // namespace hone
