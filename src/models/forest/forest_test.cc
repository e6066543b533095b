#include "models/forest/forest.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "models/forest/compiled_forest.h"
#include "models/forest/infinity.h"
#include "models/forest/testing/expect_flat_bits.h"

namespace hone {
namespace {

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

// Every second value is a threshold of the forest, or just beside one.
std::vector<double> RowsOnThresholds(const Forest& forest, std::size_t count, std::uint64_t seed) {
  std::vector<double> values;
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) values.push_back(split.threshold);
  }
  std::vector<double> rows = RandomRows(forest.width, count, seed);
  Random random(seed);
  for (std::size_t i = 0; i < rows.size() && !values.empty(); i += 2) {
    const double value = values[random.Below(values.size())];
    const auto as_float = static_cast<float>(value);
    const double near[] = {value, std::nextafter(value, kInfinity), std::nextafter(value, -kInfinity),
                           std::nextafter(as_float, 3e38F), std::nextafter(as_float, -3e38F)};
    rows[i] = near[random.Below(5)];
  }
  return rows;
}

void ExpectBits(const ForestModel& model, std::span<const double> rows, std::span<const double> expected) {
  const std::size_t outputs = model.margins();
  std::vector<double> batch(expected.size()), single(outputs);
  model.PredictBatch(rows, batch);
  for (std::size_t i = 0; i * outputs < expected.size(); ++i) {
    model.PredictMargins(rows.subspan(i * model.width(), model.width()), single);
    for (std::size_t k = 0; k < outputs; ++k) {
      const auto bits = std::bit_cast<std::uint64_t>(expected[i * outputs + k]);
      ASSERT_EQ(std::bit_cast<std::uint64_t>(single[k]), bits) << model.kernel() << ' ' << i << ' ' << k;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(batch[i * outputs + k]), bits) << model.kernel() << ' ' << i << ' ' << k;
    }
  }
}

// One row and batches of every size give, with every kernel, the margins that the trees, as written, give.
void ExpectWalkedBits(const Forest& forest) {
  const std::vector<std::size_t> counts = {1, 7, 8, 15, 16, 63, 64, 65, 300};
  std::vector<std::vector<double>> rows, expected;
  for (const std::size_t count : counts) {
    rows.push_back(RowsOnThresholds(forest, count, count));
    expected.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      const std::vector<double> margins = ExpectedMargins(forest, {&rows.back()[i * forest.width], forest.width});
      expected.back().insert(expected.back().end(), margins.begin(), margins.end());
    }
  }
  std::vector<std::optional<ForestKernel>> kernels = {std::nullopt};
  for (int i = 0; i <= static_cast<int>(BestForestKernel()); ++i) kernels.push_back(static_cast<ForestKernel>(i));
  for (const std::optional<ForestKernel> kernel : kernels) {
    const auto model = MakeForestModel(forest, kernel);
    ASSERT_EQ(model->margins(), forest.outputs());
    for (std::size_t i = 0; i < counts.size(); ++i) ExpectBits(*model, rows[i], expected[i]);
  }
  if (!IsNumerical(forest)) return;  // left to the processor
  for (std::size_t i = 0; i < counts.size(); ++i) ExpectFlatBits(forest, rows[i], expected[i]);
}

struct Shape {
  std::size_t width, trees;
  int splits;
  bool categorical;
};

class ForestMargins : public testing::TestWithParam<Shape> {};

TEST_P(ForestMargins, AnswersAsTheTreesAreWritten) {
  const auto [width, trees, splits, categorical] = GetParam();
  ExpectWalkedBits(RandomForest(width, trees, splits, categorical, 1));
}

TEST_P(ForestMargins, AnswersInXgboostsDialect) {
  const auto [width, trees, splits, categorical] = GetParam();
  Forest forest = RandomXgboost(width, trees, splits, categorical, 1);
  ExpectWalkedBits(forest);
  forest.start_last = true;
  ExpectWalkedBits(forest);
}

TEST_P(ForestMargins, SumsEachOutputByItself) {
  const auto [width, trees, splits, categorical] = GetParam();
  ExpectWalkedBits(RandomXgboost(width, trees, splits, categorical, 3));
}

INSTANTIATE_TEST_SUITE_P(Shapes, ForestMargins,
                         testing::Values(Shape{1, 1, 0, false}, Shape{3, 1, 10, false}, Shape{5, 8, 15, false},
                                         Shape{8, 100, 15, false}, Shape{8, 33, 200, false}, Shape{90, 50, 40, false},
                                         Shape{200, 50, 60, false}, Shape{4, 20, 15, true}));

// Each split but the last has one leaf.
Tree ChainTree(std::size_t width, int splits, Random& random) {
  Tree tree;
  for (int i = 0; i < splits; ++i) {
    const bool left = random.Below(2) == 0;
    const std::int32_t next = i + 1 == splits ? ~splits : i + 1;
    tree.splits.push_back({.threshold = 4 * random.Normal(),
                           .feature = static_cast<std::uint32_t>(random.Below(width)),
                           .left = left ? next : ~i,
                           .right = left ? ~i : next,
                           .missing = static_cast<Missing>(random.Below(3)),
                           .default_left = random.Below(2) == 0});
  }
  for (int i = 0; i <= splits; ++i) tree.leaves.push_back(random.Normal());
  return tree;
}

Tree CompleteTree(std::size_t width, int depth, Random& random) {
  Tree tree;
  const int splits = (1 << depth) - 1;
  for (int i = 0; i < splits; ++i) {
    const int left = 2 * i + 1;
    tree.splits.push_back({.threshold = random.Normal(),
                           .feature = static_cast<std::uint32_t>(random.Below(width)),
                           .left = left < splits ? left : ~(left - splits),
                           .right = left < splits ? left + 1 : ~(left + 1 - splits),
                           .missing = static_cast<Missing>(random.Below(3)),
                           .default_left = random.Below(2) == 0});
  }
  for (int i = 0; i <= splits; ++i) tree.leaves.push_back(random.Normal());
  return tree;
}

Forest ForestOf(std::size_t width, std::vector<Tree> trees) {
  Forest forest;
  forest.width = width;
  forest.trees = std::move(trees);
  return forest;
}

void ExpectBothDialects(Forest forest) {
  ExpectWalkedBits(forest);
  forest.dialect = Dialect::kXgboost;
  for (Tree& tree : forest.trees) {
    for (Split& split : tree.splits) split.threshold = static_cast<float>(split.threshold);
    for (double& leaf : tree.leaves) leaf = static_cast<float>(leaf);
  }
  ExpectWalkedBits(forest);
}

TEST(ForestMargins, EveryDepthToSixteen) {
  Random random(2);
  for (int depth = 1; depth <= 16; ++depth) {
    std::vector<Tree> trees = {CompleteTree(7, depth, random)};
    for (int i = 0; i < (depth < 10 ? 70 : 2); ++i) {
      trees.push_back(CompleteTree(7, 1 + static_cast<int>(random.Below(static_cast<std::uint64_t>(depth))), random));
    }
    ExpectBothDialects(ForestOf(7, trees));
  }
}

TEST(ForestMargins, ChainsOfAnyLength) {
  Random random(3);
  std::vector<Tree> trees;
  for (const int splits : {0, 1, 5, 6, 7, 12, 13, 31, 100, 255, 1000}) trees.push_back(ChainTree(9, splits, random));
  ExpectBothDialects(ForestOf(9, trees));
  trees.pop_back();
  ExpectBothDialects(ForestOf(9, trees));
}

// 15, 16, 17: a short slot becomes a long one; 255, 256: one byte slot becomes two.
TEST(ForestMargins, AnyNumberOfThresholds) {
  Random random(4);
  for (const int thresholds : {1, 15, 16, 17, 31, 32, 33, 254, 255, 256, 257, 2000}) {
    std::vector<Tree> trees;
    for (int i = 0; i < thresholds; ++i) {
      Tree tree;
      tree.splits = {{.threshold = random.Normal(), .left = ~0, .right = ~1, .missing = Missing::kNan}};
      tree.leaves = {random.Normal(), random.Normal()};
      trees.push_back(tree);
    }
    ExpectBothDialects(ForestOf(1, trees));
  }
}

TEST(ForestMargins, MoreThan65535ThresholdsOfAFeature) {
  Random random(5);
  std::vector<Tree> small, large;
  for (int i = 0; i < 280; ++i) small.push_back(ChainTree(1, 250, random));
  for (int i = 0; i < 70; ++i) large.push_back(RandomTree(1, 1000, false, random));
  ExpectWalkedBits(ForestOf(1, small));
  ExpectWalkedBits(ForestOf(1, large));
}

// Slots that one, two and four tables hold, and more than any kernel looks up.
TEST(ForestMargins, UpToThreeHundredFeatures) {
  for (const std::size_t width : {1, 16, 17, 32, 33, 64, 65, 128, 129, 200, 300}) {
    Random random(width);
    std::vector<Tree> trees;
    for (int i = 0; i < 90; ++i) trees.push_back(RandomTree(width, 25, false, random));
    for (Tree& tree : trees) {
      for (Split& split : tree.splits) split.missing = Missing::kNone;
    }
    ExpectBothDialects(ForestOf(width, trees));
  }
}

// What batches leave over after rows that are answered together.
TEST(ForestMargins, BatchesOfAnySize) {
  for (const bool xgboost : {false, true}) {
    const Forest forest = xgboost ? RandomXgboost(5, 40, 30, false, 1) : RandomForest(5, 40, 30, false, 9);
    const std::vector<double> rows = RowsOnThresholds(forest, 108, 7);
    std::vector<double> expected;
    for (std::size_t i = 0; i < 108; ++i) expected.push_back(ExpectedMargins(forest, {&rows[i * 5], 5}).front());
    for (int i = 0; i <= static_cast<int>(BestForestKernel()); ++i) {
      const auto model = MakeForestModel(forest, static_cast<ForestKernel>(i));
      for (std::size_t count = 1; count <= 108; ++count) {
        ExpectBits(*model, std::span(rows).first(count * 5), std::span(expected).first(count));
      }
    }
  }
}

// Lowest subtrees of every shape: groups of tests of which some are filled up.
TEST(ForestMargins, SmallTreesOfManyShapes) {
  Random random(10);
  std::vector<Tree> trees;
  for (int i = 0; i < 300; ++i) trees.push_back(RandomTree(6, 1 + i % 9, false, random));
  ExpectBothDialects(ForestOf(6, trees));
}

TEST(ForestMargins, ManyOutputs) {
  for (const std::size_t outputs : {2, 7, 64, 100}) ExpectWalkedBits(RandomXgboost(6, 200, 20, false, outputs));
}

std::string KernelOf(const Forest& forest, std::optional<ForestKernel> kernel) {
  return MakeForestModel(forest, kernel)->kernel();
}

TEST(ForestMargins, TakesTheBestPathThatFits) {
  Random random(6);
  const Forest usual = RandomForest(8, 100, 15, false, 1);
  const Forest wide = RandomForest(300, 100, 60, false, 1);
  const Forest deep = ForestOf(9, {CompleteTree(9, 12, random)});
  EXPECT_EQ(KernelOf(usual, ForestKernel::kWalk), "walk: node by node");
  EXPECT_EQ(KernelOf(usual, ForestKernel::kLockstep), "lockstep: one row in lockstep, many in lockstep");
  EXPECT_EQ(KernelOf(usual, ForestKernel::kPortable), "portable: one row in lockstep, many by selection");
  EXPECT_EQ(KernelOf(RandomForest(8, 100, 15, true, 1), ForestKernel::kPortable),
            "portable: one row in lockstep, many in lockstep")
      << "categorical";
  EXPECT_EQ(KernelOf(RandomForest(4000, 2000, 60, false, 1), BestForestKernel()), "walk: node by node");
  EXPECT_EQ(KernelOf(deep, ForestKernel::kPortable), "portable: one row in lockstep, many in lockstep");
  EXPECT_EQ(KernelOf(wide, std::nullopt).find("selection"), std::string::npos) << "more slots than trees";
  if (BestForestKernel() >= ForestKernel::kAvx2) {
    const std::string many_slots = KernelOf(RandomXgboost(100, 90, 60, false, 1), std::nullopt);
    EXPECT_NE(many_slots.find("one row in lockstep, many by selection"), std::string::npos) << many_slots;
    EXPECT_EQ(KernelOf(usual, std::nullopt), KernelOf(usual, BestForestKernel()));
  }
  if (BestForestKernel() == ForestKernel::kAvx512) {
    EXPECT_EQ(KernelOf(usual, ForestKernel::kAvx512), "avx512: one row in blocks, many by selection");
    EXPECT_EQ(KernelOf(deep, ForestKernel::kAvx512), "avx512: one row in blocks, many in blocks");
    EXPECT_EQ(KernelOf(wide, ForestKernel::kAvx512), "avx512: one row in lockstep, many in lockstep");
  }
}

// XGBoost's tests, on both sides of a threshold and where float and double disagree.
TEST(ForestMargins, XgboostComparesFloatsStrictly) {
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

TEST(ForestMargins, XgboostCategoriesInTheSetGoRight) {
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

TEST(ForestMargins, LinearLeavesAddTheirTerms) {
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

TEST(ForestMargins, EmptyBatchIsNothing) {
  const auto model = MakeForestModel(RandomForest(3, 4, 5, false, 1));
  model->PredictBatch({}, {});
}

}  // namespace
}  // namespace hone
