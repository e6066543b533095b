#include "models/forest/lockstep_forest.h"

#include <algorithm>
#include <limits>

#include "models/forest/infinity.h"

namespace hone {
namespace {

constexpr std::size_t kBlockValues = 4096;
constexpr std::size_t kBlockRows = 64;

}  // namespace

template <typename Real>
LockstepForest<Real>::LockstepForest(const Forest& forest, const ForestSlots& slots) : outputs_(OutputSums(forest)) {
  // Empty places of a group hold a leaf of -0.0, which changes no sum.
  nodes_.push_back({-0.0, 0, 0});
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
  struct Pending {
    std::int32_t source;
    std::uint32_t depth;
  };
  const auto root = static_cast<std::uint32_t>(nodes_.size());
  std::vector<Pending> order = {{tree.splits.empty() ? ~0 : 0, 0}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto [source, depth] = order[i];
    const auto self = static_cast<std::uint32_t>(nodes_.size());
    if (source < 0) {
      const std::int32_t leaf = ~source;
      nodes_.push_back({tree.leaves[static_cast<std::size_t>(leaf)], 0, self});
      continue;
    }
    const ForestSlots::Test test = slots.TestOf(tree.splits[static_cast<std::size_t>(source)]);
    nodes_.push_back(
        {test.threshold, static_cast<std::uint32_t>(test.slot + 1), root + static_cast<std::uint32_t>(order.size())});
    order.push_back({test.left, depth + 1});
    order.push_back({test.right, depth + 1});
  }
  roots_.push_back(root);
  depths_.push_back(order.back().depth);
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
void LockstepForest<Real>::Margins(const ForestSlots& slots, const double* row,
                                   std::span<double> margins) const noexcept {
  double values[kMaxSlots + 1];
  values[0] = -kInfinity;
  slots.Fill(row, values + 1);
  const Node* const nodes = nodes_.data();
  const Group* group = groups_.data();
  for (std::size_t k = 0; k < margins.size(); ++k) {
    auto margin = static_cast<Real>(outputs_[k].first);
    for (const Group* const end = groups_.data() + groups_end_[k]; group != end; ++group) {
      std::uint32_t at[kLanes];
      std::copy(std::begin(group->root), std::end(group->root), at);
      for (std::uint32_t step = 0; step < group->steps; ++step) {
        for (std::uint32_t& place : at) {
          const Node& node = nodes[place];
          place = node.next + static_cast<std::uint32_t>(!(values[node.slot] <= node.threshold));
        }
      }
      for (const std::uint32_t place : at) margin += static_cast<Real>(nodes[place].threshold);
    }
    margins[k] = static_cast<double>(margin + static_cast<Real>(outputs_[k].last));
  }
}

template <typename Real>
void LockstepForest<Real>::AddTreeToRows(std::size_t tree, const double* slots, std::size_t stride, std::size_t count,
                                         Real* margins) const noexcept {
  const Node* const nodes = nodes_.data();
  for (std::size_t begin = 0; begin < count; begin += kLanes) {
    const double* const first = slots + begin * stride;
    std::uint32_t at[kLanes];
    std::fill(std::begin(at), std::end(at), roots_[tree]);
    for (std::uint32_t step = 0; step < depths_[tree]; ++step) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const Node& node = nodes[at[lane]];
        at[lane] = node.next + static_cast<std::uint32_t>(!(first[lane * stride + node.slot] <= node.threshold));
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      margins[begin + lane] += static_cast<Real>(nodes[at[lane]].threshold);
    }
  }
}

// `slots` hold rows up to a multiple of kLanes.
template <typename Real>
void LockstepForest<Real>::BlockMargins(const double* slots, std::size_t stride, std::size_t count,
                                        double* margins) const noexcept {
  Real block[kBlockRows];
  const std::size_t lanes = (count + kLanes - 1) / kLanes * kLanes;
  std::size_t tree = 0;
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    std::fill_n(block, lanes, static_cast<Real>(outputs_[k].first));
    for (; tree < outputs_[k].trees_end; ++tree) AddTreeToRows(tree, slots, stride, lanes, block);
    for (std::size_t i = 0; i < count; ++i) {
      margins[i * outputs_.size() + k] = static_cast<double>(block[i] + static_cast<Real>(outputs_[k].last));
    }
  }
}

template <typename Real>
void LockstepForest<Real>::Margins(const ForestSlots& slots, const double* rows, std::size_t width, std::size_t count,
                                   double* margins) const noexcept {
  double values[kBlockValues];
  const std::size_t stride = slots.size() + 1;
  const std::size_t outputs = outputs_.size();
  const std::size_t block_rows = std::min(kBlockRows, kBlockValues / stride / kLanes * kLanes);
  if (block_rows == 0) {
    for (std::size_t i = 0; i < count; ++i) Margins(slots, rows + i * width, {margins + i * outputs, outputs});
    return;
  }
  for (std::size_t begin = 0; begin < count; begin += block_rows) {
    const std::size_t taken = std::min(block_rows, count - begin);
    const std::size_t lanes = (taken + kLanes - 1) / kLanes * kLanes;
    // Lanes beyond the last row repeat it; their sums are dropped.
    for (std::size_t i = 0; i < lanes; ++i) {
      values[i * stride] = -kInfinity;
      slots.Fill(rows + (begin + std::min(i, taken - 1)) * width, values + i * stride + 1);
    }
    BlockMargins(values, stride, taken, margins + begin * outputs);
  }
}

template class LockstepForest<float>;
template class LockstepForest<double>;

}  // namespace hone
