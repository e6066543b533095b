#include "models/forest/forest.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "models/forest/compiled_forest.h"

namespace hone {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

const std::vector<double>& Thresholds() {
  static const std::vector<double> values = {0.0,
                                             -0.0,
                                             5e-324,
                                             -5e-324,
                                             kZeroThreshold,
                                             -kZeroThreshold,
                                             1e-36,
                                             -1e-36,
                                             1.0,
                                             -2.5,
                                             1e300,
                                             std::numeric_limits<double>::max(),
                                             -std::numeric_limits<double>::max(),
                                             kInfinity,
                                             -kInfinity};
  return values;
}

// Splits a random leaf `splits` times, as trees grow.
Tree RandomTree(std::size_t width, int splits, bool categorical, Random& random) {
  Tree tree;
  tree.leaves = {random.Normal()};
  for (int i = 0; i < splits; ++i) {
    const auto leaf = static_cast<std::int32_t>(random.Below(tree.leaves.size()));
    const auto node = static_cast<std::int32_t>(tree.splits.size());
    for (Split& split : tree.splits) {
      if (split.left == ~leaf) split.left = node;
      if (split.right == ~leaf) split.right = node;
    }
    Split split;
    split.threshold = random.Below(2) == 0 ? Thresholds()[random.Below(Thresholds().size())] : random.Normal();
    split.feature = static_cast<std::uint32_t>(random.Below(width));
    split.left = ~leaf;
    split.right = ~static_cast<std::int32_t>(tree.leaves.size());
    split.missing = static_cast<Missing>(random.Below(3));
    split.default_left = random.Below(2) == 0;
    if (categorical && random.Below(2) == 0) {
      split.categorical = true;
      split.bits_begin = static_cast<std::uint32_t>(tree.bits.size());
      tree.bits.push_back(static_cast<std::uint32_t>(random.Next()));
      split.bits_end = split.bits_begin + 1;
    }
    tree.splits.push_back(split);
    tree.leaves.push_back(random.Below(8) == 0 ? -0.0 : random.Normal());
  }
  return tree;
}

Forest RandomForest(std::size_t width, std::size_t trees, int splits, bool categorical, std::uint64_t seed) {
  Forest forest;
  Random random(seed);
  forest.width = width;
  for (std::size_t i = 0; i < trees; ++i) {
    forest.trees.push_back(RandomTree(width, static_cast<int>(random.Below(splits + 1)), categorical, random));
  }
  return forest;
}

std::vector<double> RandomRows(std::size_t width, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values = Thresholds(), rows;
  values.push_back(std::nan(""));
  for (const double threshold : Thresholds()) {
    values.push_back(std::nextafter(threshold, kInfinity));
    values.push_back(std::nextafter(threshold, -kInfinity));
  }
  while (rows.size() < width * count) {
    rows.push_back(random.Below(2) == 0 ? values[random.Below(values.size())] : random.Normal());
  }
  return rows;
}

// As XGBoost has it: floats for thresholds, leaves and starts, spread over the outputs.
Forest RandomXgboost(std::size_t width, std::size_t trees, int splits, bool categorical, std::size_t outputs) {
  Forest forest = RandomForest(width, trees, splits, categorical, 5);
  Random random(6);
  forest.dialect = Dialect::kXgboost;
  forest.start.clear();
  for (std::size_t k = 0; k < outputs; ++k) forest.start.push_back(static_cast<float>(random.Normal()));
  for (Tree& tree : forest.trees) {
    tree.output = static_cast<std::uint32_t>(random.Below(outputs));
    for (Split& split : tree.splits) split.threshold = static_cast<float>(split.threshold);
    for (double& leaf : tree.leaves) leaf = static_cast<float>(leaf);
  }
  return forest;
}

// Sums as the forest's dialect words them, tree after tree.
template <typename Real>
std::vector<double> WalkedMargins(const Forest& forest, std::span<const double> row) {
  std::vector<Real> sums(forest.outputs());
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k] = forest.start_last ? 0 : static_cast<Real>(forest.start[k]);
  for (const Tree& tree : forest.trees) sums[tree.output] += static_cast<Real>(TreeValue(tree, forest.dialect, row));
  for (std::size_t k = 0; k < sums.size(); ++k) {
    if (forest.start_last) sums[k] += static_cast<Real>(forest.start[k]);
  }
  return {sums.begin(), sums.end()};
}

std::vector<double> ExpectedMargins(const Forest& forest, std::span<const double> row) {
  return forest.dialect == Dialect::kXgboost ? WalkedMargins<float>(forest, row) : WalkedMargins<double>(forest, row);
}

// One row and batches of every size give the margins that the trees, as written, give.
void ExpectWalkedBits(const Forest& forest) {
  const auto model = MakeForestModel(forest);
  const std::size_t width = forest.width, outputs = forest.outputs();
  ASSERT_EQ(model->margins(), outputs);
  for (const std::size_t count : {1, 7, 8, 64, 65, 300}) {
    const std::vector<double> rows = RandomRows(width, count, count);
    std::vector<double> batch(count * outputs), single(outputs);
    model->PredictBatch(rows, batch);
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<const double> row(rows.data() + i * width, width);
      const std::vector<double> expected = ExpectedMargins(forest, row);
      model->PredictMargins(row, single);
      for (std::size_t k = 0; k < outputs; ++k) {
        const auto bits = std::bit_cast<std::uint64_t>(expected[k]);
        ASSERT_EQ(std::bit_cast<std::uint64_t>(single[k]), bits) << i << ' ' << k;
        ASSERT_EQ(std::bit_cast<std::uint64_t>(batch[i * outputs + k]), bits) << i << ' ' << k;
      }
    }
  }
}

struct Shape {
  std::size_t width, trees;
  int splits;
  bool categorical;
};

class ForestKernel : public testing::TestWithParam<Shape> {};

TEST_P(ForestKernel, AnswersAsTheTreesAreWritten) {
  const auto [width, trees, splits, categorical] = GetParam();
  ExpectWalkedBits(RandomForest(width, trees, splits, categorical, 1));
}

TEST_P(ForestKernel, AnswersInXgboostsDialect) {
  const auto [width, trees, splits, categorical] = GetParam();
  Forest forest = RandomXgboost(width, trees, splits, categorical, 1);
  ExpectWalkedBits(forest);
  forest.start_last = true;
  ExpectWalkedBits(forest);
}

TEST_P(ForestKernel, SumsEachOutputByItself) {
  const auto [width, trees, splits, categorical] = GetParam();
  ExpectWalkedBits(RandomXgboost(width, trees, splits, categorical, 3));
}

INSTANTIATE_TEST_SUITE_P(Shapes, ForestKernel,
                         testing::Values(Shape{1, 1, 0, false}, Shape{3, 1, 10, false}, Shape{5, 8, 15, false},
                                         Shape{8, 100, 15, false}, Shape{8, 33, 200, false}, Shape{90, 50, 40, false},
                                         Shape{200, 50, 60, false}, Shape{4, 20, 15, true}));

TEST(ForestKernel, WideForestsAreWalked) {
  EXPECT_TRUE(CompiledForest::CanCompile(RandomForest(8, 100, 15, false, 1)));
  EXPECT_FALSE(CompiledForest::CanCompile(RandomForest(400, 400, 60, false, 1)));
  EXPECT_FALSE(CompiledForest::CanCompile(RandomForest(8, 100, 15, true, 1)));
}

// XGBoost's tests, on both sides of a threshold and where float and double disagree.
TEST(ForestKernel, XgboostComparesFloatsStrictly) {
  Forest forest;
  forest.width = 1;
  forest.dialect = Dialect::kXgboost;
  const float threshold = 0.1F;
  for (const bool default_left : {false, true}) {
    Tree tree;
    tree.splits = {{.threshold = threshold, .left = ~0, .right = ~1, .default_left = default_left}};
    tree.leaves = {1, 2};
    forest.trees = {tree};
    const auto model = MakeForestModel(forest);
    EXPECT_EQ(model->Predict(std::vector<double>{std::nextafter(threshold, -1.0F)}), 1);
    EXPECT_EQ(model->Predict(std::vector<double>{threshold}), 2);
    EXPECT_EQ(model->Predict(std::vector<double>{0.1}), 2) << "0.1 rounds to the threshold, which is above it";
    EXPECT_EQ(model->Predict(std::vector<double>{-kInfinity}), 1);
    EXPECT_EQ(model->Predict(std::vector<double>{1e300}), 2);
    EXPECT_EQ(model->Predict(std::vector<double>{std::nan("")}), default_left ? 1 : 2);
  }
}

TEST(ForestKernel, XgboostCategoriesInTheSetGoRight) {
  Forest forest;
  forest.width = 1;
  forest.dialect = Dialect::kXgboost;
  Tree tree;
  tree.splits = {{.left = ~0, .right = ~1, .categorical = true, .bits_begin = 0, .bits_end = 2}};
  tree.bits = {1U << 3, 1U};
  tree.leaves = {1, 2};
  forest.trees = {tree};
  const auto model = MakeForestModel(forest);
  for (const double in_set : {3.0, 3.9, 32.0}) EXPECT_EQ(model->Predict(std::vector<double>{in_set}), 2) << in_set;
  for (const double other : {0.0, 4.0, 33.0, 64.0, -1.0, -3.0, 16777216.0, 1e30, kInfinity, -kInfinity}) {
    EXPECT_EQ(model->Predict(std::vector<double>{other}), 1) << other;
  }
  EXPECT_EQ(model->Predict(std::vector<double>{std::nan("")}), 2) << "the default side is right";
}

TEST(ForestKernel, LinearLeavesAddTheirTerms) {
  Forest forest;
  forest.width = 2;
  Tree tree;
  tree.splits = {{.threshold = 0.5, .left = ~0, .right = ~1}};
  tree.leaves = {10, 20};
  tree.linear = {{.constant = 1, .terms = {{0, 2.0}, {1, 4.0}}}, {.constant = 3, .terms = {}}};
  forest.trees = {tree};
  const auto model = MakeForestModel(forest);
  EXPECT_EQ(model->Predict(std::vector<double>{0.25, 3.0}), 13.5);
  EXPECT_EQ(model->Predict(std::vector<double>{0.25, std::nan("")}), 10) << "a missing value gives the plain leaf";
  EXPECT_EQ(model->Predict(std::vector<double>{1.0, std::nan("")}), 3);
}

TEST(ForestKernel, EmptyBatchIsNothing) {
  const auto model = MakeForestModel(RandomForest(3, 4, 5, false, 1));
  model->PredictBatch({}, {});
}

}  // namespace
}  // namespace hone
