#include "models/forest/lockstep_forest.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "gpu/slot_value.h"
#include "models/forest/infinity.h"

namespace hone {
namespace {

constexpr std::size_t kBlockValues = 4096;
constexpr std::size_t kBlockRows = 64;

}  // namespace

template <typename Real>
LockstepForest<Real>::LockstepForest(const Forest& forest, const ForestSlots& slots)
    : categories_(forest),
      words_(1),
      first_category_(static_cast<std::uint32_t>(slots.size() + 1)),
      outputs_(OutputSums(forest)) {
  const bool linear = std::ranges::any_of(forest.trees, [](const Tree& tree) { return !tree.linear.empty(); });
  // Empty places of a group hold a leaf of -0.0, which changes no sum.
  nodes_.push_back({-0.0, 0, 0});
  if (linear) lines_.push_back({-0.0});
  const std::vector<const Tree*> trees = TreesByOutput(forest);
  for (const OutputSum& output : outputs_) {
    const std::size_t first_tree = roots_.size();
    for (std::size_t i = first_tree; i < output.trees_end; ++i) AddTree(*trees[i], slots);
    AddGroups(first_tree);
    groups_end_.push_back(groups_.size());
  }
}

template <typename Real>
void LockstepForest<Real>::AddTree(const Tree& tree, const ForestSlots& slots) {
  const auto root = static_cast<std::uint32_t>(nodes_.size());
  std::vector<std::int32_t> order = {tree.splits.empty() ? ~0 : 0};  // breadth first
  std::vector<std::uint32_t> depths = {0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order[i] < 0) {
      const std::int32_t leaf = ~order[i];
      AddLeaf(tree, static_cast<std::size_t>(leaf));
      continue;
    }
    const auto next = root + static_cast<std::uint32_t>(order.size());
    AddSplit(tree, tree.splits[static_cast<std::size_t>(order[i])], slots, next, order);
    depths.resize(order.size(), depths[i] + 1);
  }
  roots_.push_back(root);
  depths_.push_back(depths.back());
}

template <typename Real>
void LockstepForest<Real>::AddLeaf(const Tree& tree, std::size_t leaf) {
  const auto self = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({tree.leaves[leaf], 0, self});
  if (lines_.empty()) return;
  Line line{tree.leaves[leaf], static_cast<std::uint32_t>(terms_.size()), 0};
  if (!tree.linear.empty()) {
    line.constant = tree.linear[leaf].constant;
    terms_.insert(terms_.end(), tree.linear[leaf].terms.begin(), tree.linear[leaf].terms.end());
  }
  line.terms_end = static_cast<std::uint32_t>(terms_.size());
  lines_.resize(self);
  lines_.push_back(line);
}

template <typename Real>
void LockstepForest<Real>::AddSplit(const Tree& tree, const Split& split, const ForestSlots& slots, std::uint32_t next,
                                    std::vector<std::int32_t>& children) {
  if (split.categorical) {
    const std::uint64_t first = categories_.AddBits(tree, split, words_);
    const auto slot = first_category_ + static_cast<std::uint32_t>(categories_.SlotOf(split));
    nodes_.push_back({std::bit_cast<double>(first), slot, next});
    children.insert(children.end(), {split.left, split.right});
    return;
  }
  const ForestSlots::Test test = slots.TestOf(split);
  nodes_.push_back({test.threshold, static_cast<std::uint32_t>(test.slot + 1), next});
  children.insert(children.end(), {test.left, test.right});
}

template <typename Real>
void LockstepForest<Real>::AddGroups(std::size_t first_tree) {
  for (std::size_t begin = first_tree; begin < roots_.size(); begin += kLanes) {
    Group group;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t tree = begin + lane;
      group.root[lane] = tree < roots_.size() ? roots_[tree] : 0;
      if (tree < roots_.size()) group.steps = std::max(group.steps, depths_[tree]);
    }
    groups_.push_back(group);
  }
}

template <typename Real>
template <bool kCategories>
bool LockstepForest<Real>::GoesRight(const Node& node, const double* values,
                                     const CategorySlots::Code* codes) const noexcept {
  const auto right = static_cast<std::uint32_t>(!(values[node.slot] <= node.threshold));
  if constexpr (!kCategories) return right != 0;
  const auto [select, code] = codes[node.slot];
  const std::uint32_t first = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(node.threshold)) & select;
  return (right & ~(words_[first + code / 32] >> (code % 32))) != 0;
}

template <typename Real>
void LockstepForest<Real>::Fill(const ForestSlots& slots, const double* row, double* values,
                                CategorySlots::Code* codes) const noexcept {
  values[0] = -kInfinity;
  slots.Fill(row, values + 1);
  if (categories_.size() == 0) return;
  std::fill_n(values + first_category_, categories_.size(), kMissingValue);
  std::fill_n(codes, first_category_, CategorySlots::Code{});
  categories_.Fill(row, codes + first_category_);
}

template <typename Real>
template <bool kCategories>
void LockstepForest<Real>::WalkGroup(const Group& group, const Slots& row, std::uint32_t (&at)[kLanes]) const noexcept {
  const Node* const nodes = nodes_.data();
  std::copy(std::begin(group.root), std::end(group.root), at);
  for (std::uint32_t step = 0; step < group.steps; ++step) {
    for (std::uint32_t& place : at) {
      const Node& node = nodes[place];
      place = node.next + static_cast<std::uint32_t>(GoesRight<kCategories>(node, row.values, row.codes));
    }
  }
}

template <typename Real>
template <bool kCategories>
void LockstepForest<Real>::WalkTree(std::size_t tree, const Slots& first, std::uint32_t (&at)[kLanes]) const noexcept {
  const Node* const nodes = nodes_.data();
  std::fill(std::begin(at), std::end(at), roots_[tree]);
  for (std::uint32_t step = 0; step < depths_[tree]; ++step) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Node& node = nodes[at[lane]];
      at[lane] = node.next + static_cast<std::uint32_t>(GoesRight<kCategories>(node, first.values + lane * first.stride,
                                                                               first.codes + lane * first.stride));
    }
  }
}

template <typename Real>
Real LockstepForest<Real>::LeafValue(std::uint32_t place, const double* row) const noexcept {
  if (lines_.empty()) return static_cast<Real>(nodes_[place].threshold);
  const Line& line = lines_[place];
  double sum = line.constant;
  for (std::uint32_t i = line.terms_begin; i < line.terms_end; ++i) {
    const double value = row[terms_[i].column];
    if (std::isnan(value)) return static_cast<Real>(nodes_[place].threshold);
    sum += terms_[i].coefficient * ZeroIfTiny(value);
  }
  return static_cast<Real>(sum);
}

template <typename Real>
void LockstepForest<Real>::Margins(const ForestSlots& slots, const double* row,
                                   std::span<double> margins) const noexcept {
  double values[kMaxSlots + 1];
  CategorySlots::Code codes[kMaxSlots + 1];
  Fill(slots, row, values, codes);
  const Slots filled{values, codes};
  const Group* group = groups_.data();
  for (std::size_t k = 0; k < margins.size(); ++k) {
    auto margin = static_cast<Real>(outputs_[k].first);
    for (const Group* const end = groups_.data() + groups_end_[k]; group != end; ++group) {
      std::uint32_t at[kLanes];
      categories_.size() == 0 ? WalkGroup<false>(*group, filled, at) : WalkGroup<true>(*group, filled, at);
      for (const std::uint32_t place : at) margin += LeafValue(place, row);
    }
    margins[k] = static_cast<double>(margin + static_cast<Real>(outputs_[k].last));
  }
}

// `slots` hold rows up to a multiple of kLanes, as `rows` do up to `count`.
template <typename Real>
void LockstepForest<Real>::AddTreeToRows(std::size_t tree, const Slots& slots, std::size_t count,
                                         Real* margins) const noexcept {
  for (std::size_t begin = 0; begin < count; begin += kLanes) {
    const Slots first{slots.values + begin * slots.stride, slots.codes + begin * slots.stride, slots.stride};
    std::uint32_t at[kLanes];
    categories_.size() == 0 ? WalkTree<false>(tree, first, at) : WalkTree<true>(tree, first, at);
    for (std::size_t i = begin; i < std::min(begin + kLanes, count); ++i) {
      margins[i] += LeafValue(at[i - begin], slots.rows + i * slots.width);
    }
  }
}

template <typename Real>
void LockstepForest<Real>::BlockMargins(const Slots& slots, std::size_t count, double* margins) const noexcept {
  Real block[kBlockRows];
  std::size_t tree = 0;
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    std::fill_n(block, count, static_cast<Real>(outputs_[k].first));
    for (; tree < outputs_[k].trees_end; ++tree) AddTreeToRows(tree, slots, count, block);
    for (std::size_t i = 0; i < count; ++i) {
      margins[i * outputs_.size() + k] = static_cast<double>(block[i] + static_cast<Real>(outputs_[k].last));
    }
  }
}

template <typename Real>
void LockstepForest<Real>::Margins(const ForestSlots& slots, const double* rows, std::size_t width, std::size_t count,
                                   double* margins) const noexcept {
  double values[kBlockValues];
  CategorySlots::Code codes[kBlockValues];
  const std::size_t stride = first_category_ + categories_.size();
  const std::size_t outputs = outputs_.size();
  const std::size_t block_rows = std::min(kBlockRows, kBlockValues / stride / kLanes * kLanes);
  if (block_rows == 0) {
    for (std::size_t i = 0; i < count; ++i) Margins(slots, rows + i * width, {margins + i * outputs, outputs});
    return;
  }
  for (std::size_t begin = 0; begin < count; begin += block_rows) {
    const std::size_t taken = std::min(block_rows, count - begin);
    const std::size_t lanes = (taken + kLanes - 1) / kLanes * kLanes;
    // Lanes beyond the last row repeat it; nobody reads where they end.
    for (std::size_t i = 0; i < lanes; ++i) {
      const double* const row = rows + (begin + std::min(i, taken - 1)) * width;
      Fill(slots, row, values + i * stride, codes + i * stride);
    }
    BlockMargins({values, codes, stride, rows + begin * width, width}, taken, margins + begin * outputs);
  }
}

template class LockstepForest<float>;
template class LockstepForest<double>;

}  // namespace hone
