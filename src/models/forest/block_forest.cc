#include "models/forest/block_forest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hone {
namespace {

// Where no block goes on, few at a time, so that their leaves are added while the next exits are found.
constexpr std::size_t kFlatBlocks = 64;

}  // namespace

template <typename Real>
BlockForest<Real>::BlockForest(Blocks blocks, std::size_t slots, std::vector<OutputSum> outputs, const Kernel& kernel)
    : kernel_(kernel),
      slots_(slots),
      outputs_(std::move(outputs)),
      blocks_(std::move(blocks.tests)),
      leaves_(blocks.leaves.begin(), blocks.leaves.end()) {
  goes_on_ = blocks_.size() > outputs_.back().trees_end;
  if (goes_on_) next_ = std::move(blocks.next);
  roots_.resize(outputs_.back().trees_end + kBlockLanes);
  std::iota(roots_.begin(), roots_.end() - kBlockLanes, 0U);
}

// The exits that are leaves, of `count` <= kBlocksTogether trees.
template <typename Real>
void BlockForest<Real>::FindLeaves(std::size_t first_tree, std::size_t count, const std::uint8_t* ranks,
                                   std::uint32_t* exits) const noexcept {
  kernel_.exits(blocks_.data(), roots_.data() + first_tree, count, ranks, slots_, exits);
  if (!goes_on_) return;
  std::uint32_t which[kBlocksTogether] = {};
  std::uint32_t open[kBlocksTogether];  // the trees whose exit is not a leaf yet
  std::uint32_t found[kBlocksTogether];
  for (std::size_t i = 0; i < count; ++i) open[i] = static_cast<std::uint32_t>(i), found[i] = exits[i];
  for (std::size_t taken = count; taken > 0;) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < taken; ++i) {
      const std::uint32_t tree = open[i];
      const std::uint32_t next = next_[found[i]];
      exits[tree] = found[i];
      open[left] = tree;
      which[left] = next;
      left += next != 0;
    }
    if (left > 0) kernel_.exits(blocks_.data(), which, left, ranks, slots_, found);
    taken = left;
  }
}

template <typename Real>
void BlockForest<Real>::Margins(const std::uint8_t* ranks, std::span<double> margins) const noexcept {
  std::uint32_t exits[kBlocksTogether];
  const std::size_t trees = outputs_.back().trees_end;
  std::size_t begin = 0, end = 0;  // the trees whose exits are known
  std::size_t tree = 0;
  for (std::size_t k = 0; k < margins.size(); ++k) {
    auto margin = static_cast<Real>(outputs_[k].first);
    while (tree < outputs_[k].trees_end) {
      if (tree == end) {
        begin = end;
        end = std::min(trees, begin + (goes_on_ ? kBlocksTogether : kFlatBlocks));
        FindLeaves(begin, end - begin, ranks, exits);
      }
      for (const std::size_t stop = std::min(end, outputs_[k].trees_end); tree < stop; ++tree) {
        margin += leaves_[exits[tree - begin]];
      }
    }
    margins[k] = static_cast<double>(margin + static_cast<Real>(outputs_[k].last));
  }
}

template class BlockForest<float>;
template class BlockForest<double>;

}  // namespace hone
