#include "models/forest/split_importance.h"

#include <algorithm>

namespace hone {
namespace {

bool TellsGain(const Tree& tree) { return tree.training.gain.size() == tree.splits.size(); }

bool IsLeaf(const Tree& tree) { return tree.splits.empty(); }

void AddTree(const Tree& tree, bool only_gaining, SplitImportance& sums) {
  for (std::size_t i = 0; i < tree.splits.size(); ++i) {
    const double gain = TellsGain(tree) ? tree.training.gain[i] : 0;
    if (only_gaining && !(gain > 0)) continue;
    const std::uint32_t column = tree.splits[i].feature;
    ++sums.splits[column];
    if (!sums.gain.empty()) sums.gain[column] += gain;
  }
}

}  // namespace

SplitImportance SplitImportanceOf(const Forest& forest) {
  const bool tells = std::any_of(forest.trees.begin(), forest.trees.end(),
                                 [](const Tree& tree) { return !IsLeaf(tree) && TellsGain(tree); });
  SplitImportance sums{std::vector<double>(forest.width), std::vector<double>(tells ? forest.width : 0)};
  for (const Tree& tree : forest.trees) {
    if (tells && !TellsGain(tree)) continue;  // another output of the tree before
    AddTree(tree, tells && forest.dialect == Dialect::kLightGbm, sums);
  }
  return sums;
}

}  // namespace hone
