// Contributions against Shapley's own definition, summed over every set of columns; the libraries' answers are held in
// learning/learners/*_exactness_test.cc.
#include "models/forest/contributions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "models/forest/forest.h"

namespace hone {
namespace {

constexpr std::size_t kWidth = 5;

// A tree of `splits` random splits, columns tested again and again on one path, with covers that add up.
Tree RandomTree(Random& random, std::size_t splits) {
  Tree tree;
  tree.splits.resize(splits);
  tree.training.split_cover.assign(splits, 0);
  std::size_t next = 1;
  const auto child = [&]() -> std::int32_t {
    if (next < splits && (random.Uniform() < 0.7 || next == 1)) return static_cast<std::int32_t>(next++);
    tree.leaves.push_back(random.Normal());
    tree.training.leaf_cover.push_back(1 + static_cast<double>(random.Below(50)));
    return ~static_cast<std::int32_t>(tree.leaves.size() - 1);
  };
  for (std::size_t i = 0; i < splits; ++i) {
    Split& split = tree.splits[i];
    split.feature = static_cast<std::uint32_t>(random.Below(kWidth));
    split.threshold = random.Normal();
    split.missing = Missing::kNan;
    split.default_left = random.Uniform() < 0.5;
    split.left = child();
    split.right = i + 1 == next && next < splits ? static_cast<std::int32_t>(next++) : child();
  }
  const auto cover = [&tree](std::int32_t node) {
    return node < 0 ? tree.training.leaf_cover[static_cast<std::size_t>(~node)]
                    : tree.training.split_cover[static_cast<std::size_t>(node)];
  };
  for (std::size_t i = splits; i-- > 0;) {
    tree.training.split_cover[i] = cover(tree.splits[i].left) + cover(tree.splits[i].right);
  }
  return tree;
}

// The mean leaf where the columns of `known` are the row's and the others go with the training rows.
double Expectation(const Tree& tree, std::span<const double> row, std::uint32_t known, std::int32_t node) {
  if (node < 0) return tree.leaves[static_cast<std::size_t>(~node)];
  const Split& split = tree.splits[static_cast<std::size_t>(node)];
  const double left = Expectation(tree, row, known, split.left), right = Expectation(tree, row, known, split.right);
  if ((known >> split.feature & 1U) != 0) {
    return GoesLeft(tree, split, Dialect::kLightGbm, row[split.feature]) ? left : right;
  }
  const auto cover = [&tree](std::int32_t at) {
    return at < 0 ? tree.training.leaf_cover[static_cast<std::size_t>(~at)]
                  : tree.training.split_cover[static_cast<std::size_t>(at)];
  };
  const double weight = cover(split.left) / (cover(split.left) + cover(split.right));
  return weight * left + (1 - weight) * right;
}

double ShapleyValue(const Tree& tree, std::span<const double> row, std::size_t column) {
  double value = 0;
  for (std::uint32_t known = 0; known < 1U << kWidth; ++known) {
    if ((known >> column & 1U) != 0) continue;
    const int size = std::popcount(known);
    const double orders = std::tgamma(size + 1) * std::tgamma(kWidth - size) / std::tgamma(kWidth + 1);
    value += orders * (Expectation(tree, row, known | 1U << column, 0) - Expectation(tree, row, known, 0));
  }
  return value;
}

Forest OneTree(Tree tree) {
  Forest forest;
  forest.width = kWidth;
  forest.trees.push_back(std::move(tree));
  return forest;
}

std::vector<double> RandomRow(Random& random) {
  std::vector<double> row(kWidth);
  for (double& value : row) value = random.Uniform() < 0.1 ? NAN : random.Normal();
  return row;
}

TEST(ForestContributions, AreShapleysValues) {
  Random random(5);
  for (int trial = 0; trial < 60; ++trial) {
    const Tree tree = RandomTree(random, 1 + random.Below(25));
    const auto contributions = ForestContributions::Make(MakeForestModel(OneTree(tree)));
    ASSERT_TRUE(contributions.ok()) << contributions.error().ToString();
    const std::vector<double> row = RandomRow(random);
    std::vector<double> out(kWidth + 1);
    contributions->Explain(row, out);
    for (std::size_t column = 0; column < kWidth; ++column) {
      EXPECT_NEAR(out[column], ShapleyValue(tree, row, column), 1e-13) << "trial " << trial << " column " << column;
    }
    EXPECT_NEAR(out[kWidth], Expectation(tree, row, 0, 0), 1e-13);
  }
}

TEST(ForestContributions, AddUpToTheMargins) {
  Random random(6);
  Forest forest;
  forest.width = kWidth;
  forest.start = {0.5, -2};
  for (std::uint32_t i = 0; i < 40; ++i) {
    Tree tree = RandomTree(random, 1 + random.Below(60));
    tree.output = i % 2;
    forest.trees.push_back(std::move(tree));
  }
  const auto model = MakeForestModel(std::move(forest));
  const auto contributions = ForestContributions::Make(model).value();
  for (int trial = 0; trial < 20; ++trial) {
    const std::vector<double> row = RandomRow(random);
    std::vector<double> out(2 * (kWidth + 1)), margins(2);
    contributions.Explain(row, out);
    model->PredictMargins(row, margins);
    for (std::size_t k = 0; k < 2; ++k) {
      double sum = 0;
      for (std::size_t j = 0; j <= kWidth; ++j) sum += out[k * (kWidth + 1) + j];
      EXPECT_NEAR(sum, margins[k], 1e-12);
    }
  }
}

// A column that is not tested has no part; a path longer than the columns it tests needs no more nodes.
TEST(ForestContributions, OfALongChainOnOneColumn) {
  constexpr std::size_t kSplits = 300;
  Tree chain;
  for (std::size_t i = 0; i < kSplits; ++i) {
    Split split;
    split.feature = 2;
    split.threshold = static_cast<double>(i);
    split.left = ~static_cast<std::int32_t>(i);
    split.right = i + 1 < kSplits ? static_cast<std::int32_t>(i + 1) : ~static_cast<std::int32_t>(kSplits);
    chain.splits.push_back(split);
    chain.training.split_cover.push_back(static_cast<double>(kSplits + 1 - i));
  }
  for (std::size_t i = 0; i <= kSplits; ++i) chain.leaves.push_back(static_cast<double>(i));
  chain.training.leaf_cover.assign(kSplits + 1, 1);
  const auto contributions = ForestContributions::Make(MakeForestModel(OneTree(chain))).value();
  std::vector<double> out(kWidth + 1);
  contributions.Explain(std::vector<double>{0, 0, 250, 0, 0}, out);
  EXPECT_EQ(out[0], 0);
  EXPECT_NEAR(out[2], 100, 1e-9);
  EXPECT_NEAR(out[kWidth], 150, 1e-9);
}

TEST(ForestContributions, OfALeafAloneAreTheBias) {
  Tree leaf;
  leaf.leaves = {3};
  const auto contributions = ForestContributions::Make(MakeForestModel(OneTree(leaf))).value();
  std::vector<double> out(kWidth + 1, 7);
  contributions.Explain(std::vector<double>(kWidth), out);
  EXPECT_EQ(out, (std::vector<double>{0, 0, 0, 0, 0, 3}));
}

TEST(ForestContributions, PassOverBranchesThatNoTrainingRowReached) {
  Random random(8);
  Tree tree = RandomTree(random, 3);
  std::fill(tree.training.leaf_cover.begin(), tree.training.leaf_cover.end(), 0.0);
  std::fill(tree.training.split_cover.begin(), tree.training.split_cover.end(), 0.0);
  tree.training.leaf_cover.back() = 4;
  const auto contributions = ForestContributions::Make(MakeForestModel(OneTree(tree))).value();
  for (int trial = 0; trial < 10; ++trial) {
    std::vector<double> out(kWidth + 1);
    const std::vector<double> row = RandomRow(random);
    contributions.Explain(row, out);
    double sum = 0;
    for (const double part : out) sum += part;
    EXPECT_NEAR(sum, TreeValue(tree, Dialect::kLightGbm, row), 1e-12);
  }
}

std::string Refusal(Forest forest) {
  const auto made = ForestContributions::Make(MakeForestModel(std::move(forest)));
  return made.ok() ? "none" : made.error().message;
}

TEST(ForestContributions, RefuseWhatHasNoShares) {
  Random random(9);
  const Tree tree = RandomTree(random, 4);
  Forest silent = OneTree(tree);
  silent.trees[0].training = {};
  EXPECT_NE(Refusal(std::move(silent)).find("tree 0 does not tell how many training rows"), std::string::npos);
  Forest negative = OneTree(tree);
  negative.trees[0].training.leaf_cover[1] = -1;
  EXPECT_NE(Refusal(std::move(negative)).find("negative"), std::string::npos);
  Forest least = OneTree(tree);
  least.aggregate = Aggregate::kMin;
  EXPECT_NE(Refusal(std::move(least)).find("does not add"), std::string::npos);
  Forest linear = OneTree(tree);
  linear.trees[0].linear.resize(linear.trees[0].leaves.size());
  EXPECT_NE(Refusal(std::move(linear)).find("linear leaves"), std::string::npos);
}

TEST(GaussLegendre, IntegratesPolynomialsExactly) {
  for (const std::size_t points : {1U, 2U, 3U, 8U, 64U, 256U}) {
    const Quadrature rule = GaussLegendre(points);
    for (const std::size_t degree : {std::size_t{0}, points, 2 * points - 1}) {
      double integral = 0;
      for (std::size_t q = 0; q < points; ++q) {
        integral += rule.weights[q] * std::pow(rule.nodes[q], static_cast<double>(degree));
      }
      EXPECT_NEAR(integral, 1 / static_cast<double>(degree + 1), 1e-13) << points << " points, degree " << degree;
    }
  }
}

}  // namespace
}  // namespace hone
