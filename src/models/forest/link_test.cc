#include "models/forest/link.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/forest/forest.h"

namespace hone {
namespace {

std::vector<double> Linked(Link link, Dialect dialect, std::vector<double> values, double scale = 1) {
  ApplyLink(link, dialect, scale, values);
  values.resize(AnswerSize(link, values.size()));
  return values;
}

// Units in the last place of a float between two.
double FloatUlps(double a, double b) {
  const auto high = static_cast<float>(std::max(std::fabs(a), std::fabs(b)));
  return std::fabs(a - b) / static_cast<double>(std::nextafter(high, 1e30F) - high);
}

TEST(Link, InFloatStaysWithinTwoUlpsOfTheExactValue) {
  for (double margin = -20; margin <= 20; margin += 0.37) {
    const auto m = static_cast<double>(static_cast<float>(margin));
    const double sigmoid = Linked(Link::kSigmoid, Dialect::kXgboost, {m}).front();
    EXPECT_LE(FloatUlps(sigmoid, 1 / (1 + std::exp(-m))), 2) << m;
    EXPECT_EQ(sigmoid, static_cast<double>(static_cast<float>(sigmoid)));
    EXPECT_LE(FloatUlps(Linked(Link::kExp, Dialect::kXgboost, {m}).front(), std::exp(m)), 2) << m;
  }
  EXPECT_EQ(Linked(Link::kSigmoid, Dialect::kXgboost, {1e30}).front(), 1);
  EXPECT_GE(Linked(Link::kSigmoid, Dialect::kXgboost, {-1e30}).front(), 0);
}

TEST(Link, SoftmaxIsAProbability) {
  for (const Dialect dialect : {Dialect::kLightGbm, Dialect::kXgboost}) {
    const auto shares = Linked(Link::kSoftmax, dialect, {1, 2, 4});
    const double sum = std::exp(-3) + std::exp(-2) + 1;
    EXPECT_NEAR(shares[0], std::exp(-3) / sum, 1e-7);
    EXPECT_NEAR(shares[1], std::exp(-2) / sum, 1e-7);
    EXPECT_NEAR(shares[2], 1 / sum, 1e-7);
  }
}

TEST(Link, ClassIsTheFirstOfTheGreatest) {
  EXPECT_EQ(Linked(Link::kClass, Dialect::kXgboost, {1, 3, 3, 2}), std::vector<double>{1});
  EXPECT_EQ(Linked(Link::kHinge, Dialect::kXgboost, {0, 1e-30, -1}), (std::vector<double>{0, 1, 0}));
}

TEST(Link, ScaleAndEachOutputByItself) {
  const auto both = Linked(Link::kSigmoid, Dialect::kLightGbm, {0, 2}, 0.5);
  EXPECT_EQ(both, (std::vector<double>{0.5, 1 / (1 + std::exp(-1.0))}));
}

TEST(Link, ModelsOfSeveralOutputsAnswerThemAll) {
  Forest forest;
  forest.width = 1;
  forest.dialect = Dialect::kXgboost;
  forest.start = {0.5, 0.25, 0.75};
  forest.link = Link::kSoftmax;
  const std::vector<double> row = {0};
  std::vector<double> all(3), batch(6);
  const auto shares = MakeForestModel(forest);
  ASSERT_EQ(shares->outputs(), 3U);
  shares->PredictAll(row, all);
  shares->PredictBatch(std::vector<double>{0, 0}, batch);
  EXPECT_EQ(all, Linked(Link::kSoftmax, Dialect::kXgboost, forest.start));
  EXPECT_EQ(std::vector<double>(batch.begin() + 3, batch.end()), all);
  EXPECT_EQ(shares->Predict(row), all.front());

  forest.link = Link::kClass;
  const auto choice = MakeForestModel(forest);
  ASSERT_EQ(choice->outputs(), 1U);
  ASSERT_EQ(choice->margins(), 3U);
  EXPECT_EQ(choice->Predict(row), 2);
  batch.assign(2, 0);
  choice->PredictBatch(std::vector<double>{0, 0}, batch);
  EXPECT_EQ(batch, (std::vector<double>{2, 2}));
  choice->PredictMargins(row, all);
  EXPECT_EQ(all, forest.start);
}

TEST(Link, AverageDividesByTheTreesOfAnOutput) {
  Forest forest;
  forest.width = 1;
  forest.start = {0, 0};
  forest.average = true;
  for (const std::uint32_t output : {0, 1, 0, 1}) {
    Tree tree;
    tree.leaves = {3.0 + output};
    tree.output = output;
    forest.trees.push_back(tree);
  }
  std::vector<double> answer(2);
  MakeForestModel(forest)->PredictAll(std::vector<double>{0}, answer);
  EXPECT_EQ(answer, (std::vector<double>{3, 4}));
}

}  // namespace
}  // namespace hone
