#include "models/forest/category_slots.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

#include "base/random.h"

namespace hone {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Split CategoricalSplit(std::uint32_t begin, std::uint32_t end) {
  Split split;
  split.categorical = true;
  split.left = ~0, split.right = ~1;
  split.bits_begin = begin, split.bits_end = end;
  return split;
}

// Splits of one column whose sets have different lengths.
Forest RandomSets(Dialect dialect, Random& random) {
  Forest forest;
  forest.width = 1, forest.dialect = dialect;
  for (std::uint32_t words = 0; words < 4; ++words) {
    Tree tree;
    tree.leaves = {1, 2};
    tree.splits = {CategoricalSplit(0, words)};
    for (std::uint32_t i = 0; i < words; ++i) tree.bits.push_back(static_cast<std::uint32_t>(random.Next()));
    tree.splits[0].default_left = random.Below(2) == 0;
    tree.splits[0].beyond_default = random.Below(2) == 0;
    if (dialect == Dialect::kOnnxFloat || dialect == Dialect::kOnnxDouble) {
      tree.members = {0, 3, 31, 70};
      tree.splits[0].truncated = words % 2 == 1;
    }
    forest.trees.push_back(std::move(tree));
  }
  return forest;
}

class CategorySlotsOf : public testing::TestWithParam<Dialect> {};

TEST_P(CategorySlotsOf, SendEveryValueWhereTheSplitDoes) {
  std::vector<double> values = {kNan, kInf, -kInf, -0.0,  -1e-300,    -0.5,       -1,         -7,
                                0.5,  1e9,  1e18,  1e300, 2147483647, 2147483648, 4294967296, 1e-300};
  for (int i = 0; i < 140; ++i) values.insert(values.end(), {i * 1.0, i + 0.25, i - 1e-9});
  Random random(1);
  for (int trial = 0; trial < 20; ++trial) {
    const Forest forest = RandomSets(GetParam(), random);
    ASSERT_TRUE(CategorySlots::CanHold(forest));
    const CategorySlots slots(forest);
    std::vector<std::uint32_t> words(1);
    for (const Tree& tree : forest.trees) {
      const std::uint32_t first = slots.AddBits(tree, tree.splits[0], words);
      for (const double value : values) {
        std::vector<CategorySlots::Code> codes(slots.size());
        slots.Fill(&value, codes.data());
        const auto [select, code] = codes[slots.SlotOf(tree.splits[0])];
        EXPECT_EQ(words[(first & select) + code / 32] >> (code % 32) & 1U,
                  GoesLeft(tree, tree.splits[0], forest.dialect, value) ? 1U : 0U)
            << value;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, CategorySlotsOf,
                         testing::Values(Dialect::kLightGbm, Dialect::kXgboost, Dialect::kOnnxFloat,
                                         Dialect::kOnnxDouble));

TEST(CategorySlots, LeaveWhatIsNoCategoryToTheWalk) {
  Random random(1);
  for (const double member : {-1.0, 0.5, 1e8}) {
    Forest forest = RandomSets(Dialect::kOnnxDouble, random);
    EXPECT_TRUE(CategorySlots::CanHold(forest));
    forest.trees[0].members = {member};
    forest.trees[0].splits[0].bits_end = 1;
    EXPECT_FALSE(CategorySlots::CanHold(forest)) << member;
  }
}

TEST(CategorySlots, LeaveEnormousSetsToTheWalk) {
  Forest forest;
  forest.width = 1;
  Tree tree;
  tree.leaves = {1, 2};
  tree.bits.resize(CategorySlots::kMaxBits / 32 + 1);
  tree.splits = {CategoricalSplit(0, static_cast<std::uint32_t>(tree.bits.size()))};
  forest.trees = {tree};
  EXPECT_FALSE(CategorySlots::CanHold(forest));
  // Each of many is small enough, all together are not.
  constexpr std::uint32_t kParts = 16;
  tree.bits.resize(CategorySlots::kMaxBits / 32 / kParts);
  tree.splits[0].bits_end = static_cast<std::uint32_t>(tree.bits.size());
  forest.trees.assign(kParts, tree);
  EXPECT_FALSE(CategorySlots::CanHold(forest));
  forest.trees.resize(kParts - 1);
  EXPECT_TRUE(CategorySlots::CanHold(forest));
}

}  // namespace
}  // namespace hone
