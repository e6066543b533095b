#include "models/forest/block_builder.h"

#include <algorithm>

namespace hone {
namespace {

constexpr int kLevels = 6;
// More subtrees than this below six levels, and the block is cut higher, so that they fill theirs.
constexpr std::size_t kFewSubtrees = 8;

// Tests between each split and its farthest leaf, itself among them.
std::vector<int> HeightsOf(const std::vector<RankedTree::Split>& splits) {
  std::vector<std::size_t> order;
  if (!splits.empty()) order.push_back(0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const RankedTree::Split split = splits[order[i]];
    for (const std::int32_t child : {split.left, split.right}) {
      if (child >= 0) order.push_back(static_cast<std::size_t>(child));
    }
  }
  std::vector<int> heights(splits.size());
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    for (const std::int32_t child : {splits[*i].left, splits[*i].right}) {
      heights[*i] = std::max(heights[*i], child < 0 ? 1 : 1 + heights[static_cast<std::size_t>(child)]);
    }
  }
  return heights;
}

// The first of `count` new blocks whose every test goes left.
std::size_t AddBlocks(Blocks& blocks, std::size_t count) {
  BlockTests empty;
  std::fill(std::begin(empty.slot), std::end(empty.slot), std::uint8_t{0});
  std::fill(std::begin(empty.cut), std::end(empty.cut), std::uint8_t{255});
  const std::size_t first = blocks.tests.size();
  blocks.tests.resize(first + count, empty);
  blocks.leaves.resize((first + count) * BlockTests::kExits);
  blocks.next.resize((first + count) * BlockTests::kExits);
  return first;
}

class TreeBlocks {
 public:
  TreeBlocks(const RankedTree& tree, Blocks& blocks) : tree_(tree), heights_(HeightsOf(tree.splits)), blocks_(blocks) {}

  // False when there would be too many.
  bool Build(std::size_t root_block) {
    open_.push_back({root_block, tree_.splits.empty() ? ~0 : 0});
    while (!open_.empty()) {
      if (blocks_.tests.size() > kMaxBlocks) return false;
      const Part part = open_.back();
      open_.pop_back();
      Fill(part.block, part.source, 1, LevelsOf(part.source));
    }
    return true;
  }

 private:
  struct Part {
    std::size_t block;
    std::int32_t source;
  };

  const RankedTree::Split& SplitOf(std::int32_t source) const { return tree_.splits[static_cast<std::size_t>(source)]; }

  std::size_t SplitsBelow(std::int32_t source, int levels) const {
    if (source < 0) return 0;
    if (levels == 0) return 1;
    return SplitsBelow(SplitOf(source).left, levels - 1) + SplitsBelow(SplitOf(source).right, levels - 1);
  }

  int LevelsOf(std::int32_t source) const {
    if (SplitsBelow(source, kLevels) <= kFewSubtrees) return kLevels;
    return (heights_[static_cast<std::size_t>(source)] - 1) % kLevels + 1;
  }

  // Puts `source` at `place`, of which `levels` may follow in this block. Tests that no split fills go left.
  void Fill(std::size_t block, std::int32_t source, std::size_t place, int levels) {
    if (source >= 0 && levels > 0) {
      const RankedTree::Split& split = SplitOf(source);
      blocks_.tests[block].slot[place] = static_cast<std::uint8_t>(split.slot);
      blocks_.tests[block].cut[place] = split.cut;
      Fill(block, split.left, 2 * place, levels - 1);
      Fill(block, split.right, 2 * place + 1, levels - 1);
      return;
    }
    while (place < BlockTests::kExits) place *= 2;
    const std::size_t exit = block * BlockTests::kExits + place - BlockTests::kExits;
    if (source < 0) {
      blocks_.leaves[exit] = (*tree_.leaves)[LeafNumber(source)];
      return;
    }
    const std::size_t next = AddBlocks(blocks_, 1);
    blocks_.next[exit] = static_cast<std::uint32_t>(next);
    open_.push_back({next, source});
  }

  const RankedTree& tree_;
  const std::vector<int> heights_;
  Blocks& blocks_;
  std::vector<Part> open_;
};

}  // namespace

std::optional<Blocks> MakeBlocks(const std::vector<RankedTree>& trees) {
  if (trees.size() > kMaxBlocks) return std::nullopt;
  Blocks blocks;
  AddBlocks(blocks, trees.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    if (!TreeBlocks(trees[i], blocks).Build(i)) return std::nullopt;
  }
  return blocks;
}

}  // namespace hone
