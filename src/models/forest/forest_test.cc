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

double WalkedMargin(const Forest& forest, std::span<const double> row) {
  double margin = 0;
  for (const Tree& tree : forest.trees) margin += TreeValue(tree, row);
  return margin;
}

struct Shape {
  std::size_t width, trees;
  int splits;
  bool categorical;
};

class ForestKernel : public testing::TestWithParam<Shape> {};

TEST_P(ForestKernel, AnswersAsTheTreesAreWritten) {
  const auto [width, trees, splits, categorical] = GetParam();
  const Forest forest = RandomForest(width, trees, splits, categorical, 1);
  const auto model = MakeForestModel(forest);
  for (const std::size_t count : {1, 7, 8, 64, 65, 300}) {
    const std::vector<double> rows = RandomRows(width, count, count);
    std::vector<double> batch(count);
    model->PredictBatch(rows, batch);
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<const double> row(rows.data() + i * width, width);
      const auto expected = std::bit_cast<std::uint64_t>(WalkedMargin(forest, row));
      ASSERT_EQ(std::bit_cast<std::uint64_t>(model->PredictMargin(row)), expected) << i;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(batch[i]), expected) << i;
    }
  }
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

TEST(ForestKernel, EmptyBatchIsNothing) {
  const auto model = MakeForestModel(RandomForest(3, 4, 5, false, 1));
  model->PredictBatch({}, {});
}

}  // namespace
}  // namespace hone
