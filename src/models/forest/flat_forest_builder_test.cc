#include "models/forest/flat_forest_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "models/forest/testing/expect_flat_bits.h"

namespace hone {
namespace {

using testing::HasSubstr;

// The bits of its answers are held in forest_test.cc, over every forest there.
Forest TwoTrees() {
  Forest forest;
  forest.width = 40;
  Tree tree;
  tree.splits = {
      {.threshold = 0.5, .feature = 33, .left = ~0, .right = 1, .missing = Missing::kNan},
      {.threshold = 2, .feature = 1, .left = ~1, .right = ~2, .missing = Missing::kZero, .default_left = true}};
  tree.leaves = {10, 20, 30};
  forest.trees = {tree, {.leaves = {5}}};
  return forest;
}

TEST(FlatForest, SlotsLieByColumnAndNodesBreadthFirst) {
  const FlatForest<double> flat = FlattenForest<double>(TwoTrees()).value();
  ASSERT_EQ(flat.slots.size(), 2);
  EXPECT_EQ(flat.slots[0].column, 1);
  EXPECT_EQ(flat.slots[0].kind, kZeroLeft);
  EXPECT_EQ(flat.slots[1].column, 33);
  EXPECT_EQ(flat.slots[1].kind, kNanRight);
  EXPECT_THAT(flat.group_begin, testing::ElementsAre(0, 1, 1, 2));
  EXPECT_THAT(flat.tree_begin, testing::ElementsAre(0, 5, 6));
  EXPECT_EQ(flat.nodes[0].slot(), 1);
  EXPECT_EQ(flat.nodes[0].next(), 1);
  EXPECT_TRUE(flat.nodes[1].is_leaf());
  EXPECT_EQ(flat.nodes[1].threshold, 10);
  EXPECT_EQ(flat.nodes[2].slot(), 0);
  EXPECT_EQ(flat.nodes[2].next(), 3);
  EXPECT_EQ(flat.nodes[3].threshold, 30) << "NaN goes left: the children are exchanged";
  EXPECT_TRUE(flat.nodes[5].is_leaf());
}

TEST(FlatForest, LastColumnsWithoutASlotAreGroupsOfNone) {
  Forest forest = TwoTrees();
  forest.width = 200;
  const FlatForest<double> flat = FlattenForest<double>(forest).value();
  ASSERT_EQ(flat.group_begin.size(), flat.view().groups() + 1);
  EXPECT_EQ(flat.group_begin.back(), 2);
}

TEST(FlatForest, ForestWithoutSplitsHasNoSlots) {
  Forest forest;
  forest.width = 3;
  forest.trees = {{.leaves = {1}}, {.leaves = {2}}};
  ExpectFlatBits(forest, std::vector<double>(300, std::numeric_limits<double>::quiet_NaN()),
                 std::vector<double>(100, 3.0));
}

TEST(FlatForest, ForestWithoutTreesAnswersItsStart) {
  Forest forest;
  forest.width = 1;
  forest.start = {1.5, 2.5};
  ExpectFlatBits(forest, std::vector<double>(3), std::vector<double>{1.5, 2.5, 1.5, 2.5, 1.5, 2.5});
}

TEST(FlatForest, SaysWhatIsLeftToTheProcessor) {
  Forest categorical = TwoTrees();
  categorical.trees[0].splits[0].categorical = true;
  EXPECT_THAT(FlattenForest<double>(categorical).error().message, HasSubstr("categorical"));
  Forest linear = TwoTrees();
  linear.trees[0].linear.resize(3);
  EXPECT_THAT(FlattenForest<double>(linear).error().message, HasSubstr("linear"));
}

TEST(FlatForest, RefusesTreesAndRowsThatDoNotFit) {
  Forest wide;
  wide.width = kFlatMaxSlots + 1;
  for (std::uint32_t i = 0; i < wide.width; ++i) {
    wide.trees.push_back({.splits = {{.feature = i, .left = ~0, .right = ~1}}, .leaves = {0, 1}});
  }
  EXPECT_THAT(FlattenForest<double>(wide).error().message, HasSubstr("read 4096 slots"));
  wide.trees.pop_back();
  EXPECT_TRUE(FlattenForest<double>(wide).ok());

  Forest large;
  large.width = 1;
  Tree chain;
  for (std::int32_t i = 0; i < (1 << 19); ++i) chain.splits.push_back({.left = ~i, .right = i + 1});
  chain.splits.back().right = ~(1 << 19);
  chain.leaves.resize(chain.splits.size() + 1);
  large.trees = {chain};
  EXPECT_THAT(FlattenForest<double>(large).error().message, HasSubstr("a tree has 1048577 nodes"));
}

}  // namespace
}  // namespace hone
