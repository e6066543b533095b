#include "models/forest/select_forest.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace hone {
namespace {

using RankedSplit = RankedTree::Split;

constexpr std::uint8_t kNoRankPasses = 255;

// The splits of a tree, children before their parents.
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
  return order;
}

// Leaves numbered anew, in the order of their splits, so that two of one split follow each other.
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

std::uint32_t InEachByte(std::size_t byte) { return static_cast<std::uint32_t>(byte) * 0x01010101U; }

std::uint16_t OffsetOf(std::size_t vector) { return static_cast<std::uint16_t>(vector * kRowsTogether); }

// Cuts one tree into groups.
class TreeCutter {
 public:
  explicit TreeCutter(const RankedTree& tree)
      : tree_(tree),
        order_(Upward(tree.splits)),
        numbers_(NumbersOf(tree, order_)),
        heights_(tree.splits.size()),
        place_(tree.splits.size()) {
    for (const std::size_t i : order_) heights_[i] = 1 + std::max(Height(split(i).left), Height(split(i).right));
  }

  const std::vector<std::size_t>& numbers() const { return numbers_; }

  // What they select is put into vectors from `first` on; that of the root last. The number of these.
  std::size_t Cut(std::size_t first, std::vector<SelectTest>& tests, std::vector<SelectJoin>& joins,
                  std::vector<SelectRun>& runs) {
    std::size_t next = first;
    const int height = order_.empty() ? 0 : heights_[0];
    for (int below = 0; below < height; below += kGroupLevels) {
      for (int levels = kGroupLevels; levels > 0; --levels) {
        const std::vector<std::size_t> roots = RootsOf(below, levels);
        for (const std::size_t root : roots) {
          AddGroup(static_cast<std::int32_t>(root), below, levels, tests, joins);
          place_[root] = next++;
        }
        if (below == 0 || !roots.empty()) {
          runs.push_back({static_cast<std::uint32_t>(levels), static_cast<std::uint32_t>(roots.size())});
        }
      }
    }
    return next - first;
  }

 private:
  const RankedSplit& split(std::size_t i) const { return tree_.splits[i]; }
  int Height(std::int32_t child) const { return child < 0 ? 0 : heights_[static_cast<std::size_t>(child)]; }
  std::size_t VectorOf(std::int32_t child) const {
    return child < 0 ? numbers_[LeafNumber(child)] : place_[static_cast<std::size_t>(child)];
  }

  // The roots of groups of so many levels, above so many.
  std::vector<std::size_t> RootsOf(int below, int levels) const {
    std::vector<std::size_t> roots;
    for (const std::size_t i : order_) {
      if (heights_[i] <= below + kGroupLevels) continue;
      for (const std::int32_t child : {split(i).left, split(i).right}) {
        if (Height(child) == below + levels) roots.push_back(static_cast<std::size_t>(child));
      }
    }
    if (heights_[0] == below + levels) roots.push_back(0);
    return roots;
  }

  void AddGroup(std::int32_t child, int below, int levels, std::vector<SelectTest>& tests,
                std::vector<SelectJoin>& joins) const {
    RankedSplit test{0, kNoRankPasses, child, child};
    if (Height(child) > below) test = split(static_cast<std::size_t>(child));
    if (levels > 1) {
      AddGroup(test.left, below, levels - 1, tests, joins);
      AddGroup(test.right, below, levels - 1, tests, joins);
    }
    const bool is_lowest = levels == 1;
    const std::size_t left = is_lowest ? VectorOf(test.left) : 0, right = is_lowest ? VectorOf(test.right) : 0;
    if (below == 0) {
      tests.push_back({InEachByte(test.cut), InEachByte(left), OffsetOf(test.slot)});
    } else {
      joins.push_back({InEachByte(test.cut), OffsetOf(test.slot), OffsetOf(left), OffsetOf(right)});
    }
  }

  const RankedTree& tree_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> numbers_;  // of leaves
  std::vector<int> heights_;          // of splits: tests to the farthest leaf
  std::vector<std::size_t> place_;    // of the roots of groups: the vector of what they select
};

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

// The work space holds max_leaves_ vectors of one leaf number each, then what the groups select.
template <typename Real>
void SelectForest<Real>::AddTree(const RankedTree& tree) {
  TreeCutter cutter(tree);
  TreePart part;
  part.tests_begin = tests_.size(), part.joins_begin = joins_.size(), part.runs_begin = runs_.size();
  part.leaves_begin = leaves_.size();
  part.leaves = static_cast<std::uint32_t>(tree.leaves->size());
  const std::size_t groups = cutter.Cut(max_leaves_, tests_, joins_, runs_);
  part.runs = static_cast<std::uint32_t>(runs_.size() - part.runs_begin);
  part.answer = groups == 0 ? 0 : static_cast<std::uint32_t>((max_leaves_ + groups - 1) * kRowsTogether);
  trees_.push_back(part);
  leaves_.resize(leaves_.size() + tree.leaves->size());
  for (std::size_t i = 0; i < tree.leaves->size(); ++i) {
    leaves_[part.leaves_begin + cutter.numbers()[i]] = static_cast<Real>((*tree.leaves)[i]);
  }
}

template <typename Real>
void SelectForest<Real>::AddTreeToRows(std::size_t tree, const std::uint8_t* ranks, std::uint8_t* work,
                                       Real* sums) const noexcept {
  const TreePart& part = trees_[tree];
  const SelectTree select{tests_.data() + part.tests_begin, joins_.data() + part.joins_begin,
                          runs_.data() + part.runs_begin, part.runs};
  kernel_.select(select, ranks, work, work + max_leaves_ * kRowsTogether);
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
