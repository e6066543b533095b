#include "models/forest/select_forest.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace hone {
namespace {

using RankedSplit = RankedTree::Split;

bool IsTwig(const RankedSplit& split) { return split.left < 0 && split.right < 0; }

// The splits of a tree, twigs first, children before their parents.
std::vector<std::size_t> Upward(const std::vector<RankedSplit>& splits) {
  std::vector<std::size_t> order;
  if (!splits.empty()) order.push_back(0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const RankedSplit split = splits[order[i]];
    for (const std::int32_t child : {split.left, split.right}) {
      if (child >= 0) order.push_back(static_cast<std::size_t>(child));
    }
  }
  std::reverse(order.begin(), order.end());
  std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return IsTwig(splits[i]); });
  return order;
}

// Leaves numbered anew, in the order of their splits, so that those of a twig follow each other.
std::vector<std::size_t> NumbersOf(const RankedTree& tree, const std::vector<std::size_t>& order) {
  std::vector<std::size_t> numbers(tree.leaves->size());
  std::size_t next = 0;
  for (const std::size_t i : order) {
    for (const std::int32_t child : {tree.splits[i].left, tree.splits[i].right}) {
      if (child < 0) numbers[LeafNumber(child)] = next++;
    }
  }
  return numbers;
}

}  // namespace

template <typename Real>
bool SelectForest<Real>::Fits(const RankedForest& ranked, const Kernel& kernel) {
  std::size_t leaves = 0, most = 0;
  for (const RankedTree& tree : ranked.trees) {
    leaves += tree.leaves->size();
    most = std::max(most, tree.leaves->size());
  }
  return most <= kMaxLeaves && leaves <= kernel.select_leaves * ranked.trees.size();
}

template <typename Real>
SelectForest<Real>::SelectForest(const RankedForest& ranked, std::vector<OutputSum> outputs, const Kernel& kernel)
    : kernel_(kernel), outputs_(std::move(outputs)) {
  for (const RankedTree& tree : ranked.trees) max_leaves_ = std::max(max_leaves_, tree.leaves->size());
  for (const RankedTree& tree : ranked.trees) AddTree(tree);
  leaves_.resize(leaves_.size() + kLeavesRead);
}

// The work space holds max_leaves_ vectors of one leaf number each, then what the nodes select.
template <typename Real>
void SelectForest<Real>::AddTree(const RankedTree& tree) {
  const std::vector<std::size_t> order = Upward(tree.splits);
  const std::vector<std::size_t> numbers = NumbersOf(tree, order);
  std::vector<std::size_t> place(tree.splits.size());
  const auto vector_of = [&](std::int32_t child) {
    return child < 0 ? numbers[LeafNumber(child)] : place[static_cast<std::size_t>(child)];
  };
  TreePart part;
  std::size_t next = max_leaves_;
  for (const std::size_t i : order) {
    const RankedSplit& split = tree.splits[i];
    const std::size_t left = vector_of(split.left), right = vector_of(split.right);
    place[i] = next++;
    part.twigs += IsTwig(split);
    nodes_.push_back({static_cast<std::uint16_t>(split.slot * kRowsTogether),
                      static_cast<std::uint16_t>(left * kRowsTogether),
                      static_cast<std::uint16_t>(right * kRowsTogether), split.cut, static_cast<std::uint8_t>(left)});
  }
  part.nodes_end = static_cast<std::uint32_t>(nodes_.size());
  part.leaves_begin = static_cast<std::uint32_t>(leaves_.size());
  part.leaves = static_cast<std::uint32_t>(tree.leaves->size());
  part.answer = tree.splits.empty() ? 0 : static_cast<std::uint32_t>((next - 1) * kRowsTogether);
  trees_.push_back(part);
  leaves_.resize(leaves_.size() + numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    leaves_[part.leaves_begin + numbers[i]] = static_cast<Real>((*tree.leaves)[i]);
  }
}

template <typename Real>
void SelectForest<Real>::AddTreeToRows(std::size_t tree, const std::uint8_t* ranks, std::uint8_t* work,
                                       Real* sums) const noexcept {
  const TreePart part = trees_[tree];
  const std::size_t begin = tree == 0 ? 0 : trees_[tree - 1].nodes_end;
  kernel_.select(nodes_.data() + begin, part.twigs, part.nodes_end - begin, ranks, work,
                 work + max_leaves_ * kRowsTogether);
  const Real* const leaves = leaves_.data() + part.leaves_begin;
  if constexpr (std::is_same_v<Real, float>) {
    kernel_.add_floats(leaves, part.leaves, work + part.answer, sums);
  } else {
    kernel_.add_doubles(leaves, part.leaves, work + part.answer, sums);
  }
}

template <typename Real>
void SelectForest<Real>::Margins(const ForestSlots& slots, const SlotRanks& slot_ranks, const double* rows,
                                 std::size_t width, std::size_t count, double* margins) const noexcept {
  alignas(64) std::uint8_t ranks[RankedForest::kMaxSlots * kRowsTogether];
  alignas(64) std::uint8_t work[2 * kMaxLeaves * kRowsTogether];
  double values[kRowsTogether] = {};
  Real sums[kRowsTogether];
  for (std::size_t leaf = 0; leaf < max_leaves_; ++leaf) {
    std::memset(work + leaf * kRowsTogether, static_cast<int>(leaf), kRowsTogether);
  }
  const RankTable table = slot_ranks.table();
  const std::size_t outputs = outputs_.size();
  for (std::size_t begin = 0; begin < count; begin += kRowsTogether) {
    const std::size_t taken = std::min(kRowsTogether, count - begin);
    for (std::size_t slot = 0; slot < table.count; ++slot) {
      slots.FillSlot(table.slots[slot].source, rows + begin * width, width, taken, values);
      kernel_.rank_slot(table, slot, values, ranks + slot * kRowsTogether);
    }
    std::size_t tree = 0;
    for (std::size_t k = 0; k < outputs; ++k) {
      std::fill_n(sums, kRowsTogether, static_cast<Real>(outputs_[k].first));
      for (; tree < outputs_[k].trees_end; ++tree) AddTreeToRows(tree, ranks, work, sums);
      for (std::size_t i = 0; i < taken; ++i) {
        margins[(begin + i) * outputs + k] = static_cast<double>(sums[i] + static_cast<Real>(outputs_[k].last));
      }
    }
  }
}

template class SelectForest<float>;
template class SelectForest<double>;

}  // namespace hone
