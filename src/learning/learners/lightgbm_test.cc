#include "learning/learners/lightgbm.h"

#ifdef HONE_HAVE_LIGHTGBM

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "learning/test_rows.h"
#include "models/forest/lightgbm_reader.h"

namespace hone {
namespace {

std::size_t Trees(const Result<FittedModel>& fitted) {
  return ReadLightGbmForest(fitted->bytes, "model").value().trees.size();
}

TEST(LightGbm, GrowsTheTreesItIsAskedFor) {
  const Dataset data = MakeTestRows(500, 3, 1);
  for (const double trees : {1.0, 17.0, 100.0}) {
    auto fitted = LightGbmLearner().Fit(data, {{"trees", trees}}, 1);
    ASSERT_TRUE(fitted.ok()) << fitted.error().ToString();
    EXPECT_EQ(Trees(fitted), trees);
  }
}

TEST(LightGbm, EarlyStoppingKeepsFewTreesOnNoiseAndManyOnSignal) {
  Random random(2);
  const Dataset signal = MakeTestRows(1500, 3, 1);
  Dataset noise = signal;
  for (double& y : noise.y) y = random.Normal();
  const std::map<std::string, double> parameters = {{"early_stopping_fraction", 0.2}, {"learning_rate", 0.1}};
  auto few = LightGbmLearner().Fit(noise, parameters, 1);
  auto many = LightGbmLearner().Fit(signal, parameters, 1);
  ASSERT_TRUE(few.ok() && many.ok());
  EXPECT_LT(Trees(few), 10U);
  EXPECT_GT(Trees(many), 20U);
}

TEST(LightGbm, RefitUsesTheSameNumberOfTreesOnAllRows) {
  const Dataset data = MakeTestRows(800, 3, 4);
  auto stopped = LightGbmLearner().Fit(data, {{"early_stopping_fraction", 0.2}}, 1);
  auto again = LightGbmLearner().Fit(data, {{"early_stopping_fraction", 0.2}, {"refit", 1}}, 1);
  ASSERT_TRUE(stopped.ok() && again.ok());
  EXPECT_EQ(Trees(stopped), Trees(again));
  auto all = LightGbmLearner().Fit(data, {{"trees", static_cast<double>(Trees(again))}}, 1);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(again->bytes, all->bytes);
}

TEST(LightGbm, HeldOutRowsAndOpenLabelsAreNotLearnedFrom) {
  Dataset data = MakeTestRows(500, 2, 5);
  const std::map<std::string, double> parameters = {{"early_stopping_fraction", 0.2}, {"trees", 1}};
  auto before = LightGbmLearner().Fit(data, parameters, 1);
  // Rows 396 to 399 have labels that are known only after row 400, the first held out.
  for (std::size_t i = 396; i < 500; ++i) data.y[i] = 1e6;
  auto after = LightGbmLearner().Fit(data, parameters, 1);
  data.y[395] = 1e6;
  auto changed = LightGbmLearner().Fit(data, parameters, 1);
  ASSERT_TRUE(before.ok() && after.ok() && changed.ok());
  EXPECT_EQ(before->bytes, after->bytes);
  EXPECT_NE(before->bytes, changed->bytes);
}

TEST(LightGbm, TooSmallAHoldoutIsRefusedByName) {
  const auto fitted = LightGbmLearner().Fit(MakeTestRows(40, 2, 1), {{"early_stopping_fraction", 0.5}}, 1);
  ASSERT_FALSE(fitted.ok());
  EXPECT_EQ(fitted.error().key, "early_stopping_fraction");
}

TEST(LightGbm, TheSeedMattersOnlyWhenSomethingIsDrawn) {
  const Dataset data = MakeTestRows(500, 4, 6);
  const std::map<std::string, double> drawn = {{"bagging_fraction", 0.5}};
  EXPECT_EQ(LightGbmLearner().Fit(data, {}, 1)->bytes, LightGbmLearner().Fit(data, {}, 2)->bytes);
  EXPECT_NE(LightGbmLearner().Fit(data, drawn, 1)->bytes, LightGbmLearner().Fit(data, drawn, 2)->bytes);
}

TEST(LightGbm, ThreadsWaitPassively) {
  ASSERT_TRUE(LightGbmLearner().Fit(MakeTestRows(100, 2, 1), {}, 1).ok());
  EXPECT_STREQ(std::getenv("OMP_WAIT_POLICY"), "PASSIVE");
}

}  // namespace
}  // namespace hone

#endif
