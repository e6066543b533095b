// The libraries' own numbers are held in learning/learners/*_exactness_test.cc.
#include "models/forest/split_importance.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

Tree TwoSplits(std::vector<double> gain) {
  Tree tree;
  tree.splits.resize(2);
  tree.splits[0].feature = 2;
  tree.splits[0].left = 1;
  tree.splits[0].right = ~0;
  tree.splits[1].feature = 0;
  tree.splits[1].left = ~1;
  tree.splits[1].right = ~2;
  tree.leaves = {1, 2, 3};
  tree.training.gain = std::move(gain);
  return tree;
}

Forest OfTrees(std::vector<Tree> trees, Dialect dialect) {
  Forest forest;
  forest.width = 3;
  forest.dialect = dialect;
  forest.trees = std::move(trees);
  forest.trees.emplace_back().leaves = {4};
  return forest;
}

TEST(SplitImportance, CountsSplitsAndAddsTheirGains) {
  const SplitImportance sums = SplitImportanceOf(OfTrees({TwoSplits({5, 0}), TwoSplits({1, 2})}, Dialect::kXgboost));
  EXPECT_EQ(sums.splits, (std::vector<double>{2, 0, 2}));
  EXPECT_EQ(sums.gain, (std::vector<double>{2, 0, 6}));
}

TEST(SplitImportance, OfLightGbmPassesOverSplitsThatGainedNothing) {
  const SplitImportance sums = SplitImportanceOf(OfTrees({TwoSplits({5, 0}), TwoSplits({1, 2})}, Dialect::kLightGbm));
  EXPECT_EQ(sums.splits, (std::vector<double>{1, 0, 2}));
  EXPECT_EQ(sums.gain, (std::vector<double>{2, 0, 6}));
}

TEST(SplitImportance, HasNoGainWhereTheFileDoesNotTell) {
  const SplitImportance sums = SplitImportanceOf(OfTrees({TwoSplits({}), TwoSplits({})}, Dialect::kOnnxFloat));
  EXPECT_EQ(sums.splits, (std::vector<double>{2, 0, 2}));
  EXPECT_TRUE(sums.gain.empty());
}

TEST(SplitImportance, CountsATreeOfVectorLeavesOnce) {
  const SplitImportance sums = SplitImportanceOf(OfTrees({TwoSplits({5, 1}), TwoSplits({})}, Dialect::kXgboost));
  EXPECT_EQ(sums.splits, (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(sums.gain, (std::vector<double>{1, 0, 5}));
}

}  // namespace
}  // namespace hone
