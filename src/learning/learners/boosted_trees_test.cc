// What the learners of boosted trees have in common: number of trees, early stopping, seeds, classes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "learning/learners.h"
#include "learning/test_rows.h"
#include "models/forest/forest.h"

namespace hone {
namespace {

std::vector<std::string> AvailableBoosters() {
  std::vector<std::string> names;
  for (const LearnerStatus& learner : AvailableLearners()) {
    if (learner.available && learner.name != "ridge") names.push_back(learner.name);
  }
  return names;
}

const Forest& ForestOf(const FittedModel& fitted) { return dynamic_cast<const ForestModel&>(*fitted.model).forest(); }

std::size_t Rounds(const FittedModel& fitted) { return ForestOf(fitted).trees.size() / ForestOf(fitted).outputs(); }

// Labels 0 to classes - 1, by the level of the label.
Dataset Classes(Dataset data, int classes) {
  for (double& y : data.y) y = std::clamp(std::floor(y + classes / 2.0), 0.0, classes - 1.0);
  return data;
}

using Parameters = std::map<std::string, double>;

class BoostedTrees : public testing::TestWithParam<std::string> {
 protected:
  FittedModel Fit(const Dataset& data, const Parameters& parameters, std::uint64_t seed = 1) const {
    return Fit(data, Objective::kRegression, parameters, seed);
  }
  FittedModel Fit(const Dataset& data, Objective objective, const Parameters& parameters,
                  std::uint64_t seed = 1) const {
    auto fitted = learner_.Fit(data, objective, parameters, seed);
    EXPECT_TRUE(fitted.ok()) << fitted.error().ToString();
    return fitted.ok() ? *std::move(fitted) : FittedModel{};
  }
  Error Refusal(const Dataset& data, Objective objective, const Parameters& parameters) const {
    const auto fitted = learner_.Fit(data, objective, parameters, 1);
    EXPECT_FALSE(fitted.ok());
    return fitted.ok() ? Error{} : fitted.error();
  }

  const Learner& learner_ = *FindLearner(GetParam());
};

TEST_P(BoostedTrees, GrowTheTreesTheyAreAskedFor) {
  const Dataset data = MakeTestRows(500, 3, 1);
  for (const double trees : {1.0, 17.0, 100.0}) EXPECT_EQ(Rounds(Fit(data, {{"trees", trees}})), trees);
}

TEST_P(BoostedTrees, EarlyStoppingKeepsFewTreesOnNoiseAndManyOnSignal) {
  Random random(2);
  const Dataset signal = MakeTestRows(1500, 3, 1);
  Dataset noise = signal;
  for (double& y : noise.y) y = random.Normal();
  const Parameters parameters = {{"early_stopping_fraction", 0.2}, {"learning_rate", 0.1}};
  EXPECT_LT(Rounds(Fit(noise, parameters)), 10U);
  EXPECT_GT(Rounds(Fit(signal, parameters)), 20U);
}

TEST_P(BoostedTrees, EarlyStoppingOfClassesGoesByLogLoss) {
  Random random(2);
  const Dataset signal = MakeTestRows(1500, 3, 1);
  Dataset noise = signal;
  for (double& y : noise.y) y = random.Normal();
  const Parameters parameters = {{"early_stopping_fraction", 0.2}, {"learning_rate", 0.1}};
  for (const int classes : {2, 3}) {
    const Objective objective = classes == 2 ? Objective::kBinary : Objective::kMulticlass;
    const std::size_t few = Rounds(Fit(Classes(noise, classes), objective, parameters));
    const std::size_t many = Rounds(Fit(Classes(signal, classes), objective, parameters));
    EXPECT_LT(few, 30U);
    EXPECT_GT(many, 30U);
  }
}

TEST_P(BoostedTrees, RefitUsesTheSameNumberOfTreesOnAllRows) {
  const Dataset data = MakeTestRows(800, 3, 4);
  const FittedModel stopped = Fit(data, {{"early_stopping_fraction", 0.2}});
  const FittedModel again = Fit(data, {{"early_stopping_fraction", 0.2}, {"refit", 1}});
  EXPECT_EQ(Rounds(stopped), Rounds(again));
  EXPECT_EQ(again.bytes, Fit(data, {{"trees", static_cast<double>(Rounds(again))}}).bytes);
}

TEST_P(BoostedTrees, HeldOutRowsAndOpenLabelsAreNotLearnedFrom) {
  Dataset data = MakeTestRows(500, 2, 5);
  const Parameters parameters = {{"early_stopping_fraction", 0.2}, {"trees", 1}};
  const FittedModel before = Fit(data, parameters);
  // Rows 396 to 399 have labels that are known only after row 400, the first held out.
  for (std::size_t i = 396; i < 500; ++i) data.y[i] = 1e6;
  EXPECT_EQ(before.bytes, Fit(data, parameters).bytes);
  data.y[395] = 1e6;
  EXPECT_NE(before.bytes, Fit(data, parameters).bytes);
}

TEST_P(BoostedTrees, TooSmallAHoldoutIsRefusedByName) {
  const Error error = Refusal(MakeTestRows(40, 2, 1), Objective::kRegression, {{"early_stopping_fraction", 0.5}});
  EXPECT_EQ(error.key, "early_stopping_fraction");
}

TEST_P(BoostedTrees, TheSeedMattersOnlyWhenSomethingIsDrawn) {
  const Dataset data = MakeTestRows(500, 4, 6);
  for (const Parameters& drawn : {Parameters{{"bagging_fraction", 0.5}}, Parameters{{"feature_fraction", 0.5}}}) {
    EXPECT_NE(Fit(data, drawn, 1).bytes, Fit(data, drawn, 2).bytes);
  }
  EXPECT_EQ(Fit(data, {}, 1).bytes, Fit(data, {}, 2).bytes);
}

TEST_P(BoostedTrees, ABinaryAnswerIsTheProbabilityOfOne) {
  const Dataset data = Classes(MakeTestRows(1500, 3, 7), 2);
  const FittedModel fitted = Fit(Slice(data, 0, 1000), Objective::kBinary, {});
  ASSERT_EQ(fitted.model->outputs(), 1U);
  double correct = 0, sum = 0, ones = 0;
  for (std::size_t i = 1000; i < 1500; ++i) {
    const double p = fitted.model->Predict(data.row(i));
    ASSERT_TRUE(p > 0 && p < 1) << p;
    correct += (p > 0.5) == (data.y[i] == 1);
    sum += p;
    ones += data.y[i];
  }
  EXPECT_GT(correct / 500, 0.75);
  EXPECT_NEAR(sum / 500, ones / 500, 0.05);
}

TEST_P(BoostedTrees, AMulticlassAnswerIsOneProbabilityPerClass) {
  const Dataset data = Classes(MakeTestRows(1500, 3, 7), 4);
  const FittedModel fitted = Fit(Slice(data, 0, 1000), Objective::kMulticlass, {});
  ASSERT_EQ(fitted.model->outputs(), 4U);
  double correct = 0;
  std::vector<double> p(4);
  for (std::size_t i = 1000; i < 1500; ++i) {
    fitted.model->PredictAll(data.row(i), p);
    ASSERT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-6);
    correct += static_cast<double>(std::max_element(p.begin(), p.end()) - p.begin()) == data.y[i];
  }
  EXPECT_GT(correct / 500, 0.55);
}

TEST_P(BoostedTrees, AClassThatNoRowHasIsCountedWhenItIsGiven) {
  const Dataset data = Classes(MakeTestRows(300, 3, 7), 3);
  EXPECT_EQ(Fit(data, Objective::kMulticlass, {{"classes", 5}}).model->outputs(), 5U);
  EXPECT_EQ(Fit(data, Objective::kMulticlass, {}).model->outputs(), 3U);
}

TEST_P(BoostedTrees, LabelsThatAreNoClassesAreRefusedByRow) {
  Dataset data = Classes(MakeTestRows(300, 3, 7), 2);
  for (const double bad : {2.0, -1.0, 0.5}) {
    data.y[17] = bad;
    EXPECT_NE(Refusal(data, Objective::kBinary, {}).message.find("the label of row 17"), std::string::npos);
  }
  for (const double bad : {1e9, -1.0, 0.5}) {
    data.y[17] = bad;
    EXPECT_NE(Refusal(data, Objective::kMulticlass, {}).message.find("the label of row 17"), std::string::npos);
  }
  data.y[17] = 2;
  EXPECT_NE(Refusal(data, Objective::kMulticlass, {{"classes", 2}}).message.find("row 17"), std::string::npos);
  EXPECT_EQ(Refusal(data, Objective::kMulticlass, {{"classes", 1}}).key, "classes");
}

TEST_P(BoostedTrees, LabelsOfOneKindGiveProbabilitiesNearTheirs) {
  Dataset data = MakeTestRows(200, 3, 1);
  data.y.assign(200, 1.0);
  EXPECT_NEAR(Fit(data, Objective::kBinary, {}).model->Predict(data.row(3)), 1, 1e-4);
  const FittedModel fitted = Fit(data, Objective::kMulticlass, {});
  std::vector<double> p(fitted.model->outputs());
  fitted.model->PredictAll(data.row(3), p);
  EXPECT_GT(p[1], 0.9);
}

TEST_P(BoostedTrees, ThreadsWaitPassively) {
  Fit(MakeTestRows(100, 2, 1), {});
  EXPECT_STREQ(std::getenv("OMP_WAIT_POLICY"), "PASSIVE");
}

INSTANTIATE_TEST_SUITE_P(All, BoostedTrees, testing::ValuesIn(AvailableBoosters()),
                         [](const auto& tested) { return tested.param; });

#ifdef HONE_HAVE_XGBOOST
TEST(Xgboost, WhatDoesNotFitAFloatIsRefusedByRowAndColumn) {
  Dataset data = MakeTestRows(100, 2, 1);
  data.x[2 * 7 + 1] = -1e39;
  auto fitted = FindLearner("xgboost")->Fit(data, {}, 1);
  ASSERT_FALSE(fitted.ok());
  EXPECT_EQ(fitted.error().key, "f1");
  EXPECT_NE(fitted.error().message.find("row 7"), std::string::npos);
  data = MakeTestRows(100, 2, 1);
  data.y[3] = 1e39;
  fitted = FindLearner("xgboost")->Fit(data, {}, 1);
  ASSERT_FALSE(fitted.ok());
  EXPECT_NE(fitted.error().message.find("row 3"), std::string::npos);
}
#endif

}  // namespace
}  // namespace hone
