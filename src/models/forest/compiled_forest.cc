#include "models/forest/compiled_forest.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMaxNodes = std::size_t{1} << 31;
constexpr std::size_t kBlockSlots = 4096;
constexpr std::size_t kBlockRows = 64;

double ExchangedThreshold(double threshold) {
  return threshold == kInfinity ? kNan : -std::nextafter(threshold, kInfinity);
}

double ZeroIfTiny(double value) { return std::fabs(value) <= kZeroThreshold ? 0.0 : value; }

double NanIfTiny(double value) { return std::fabs(value) <= kZeroThreshold ? kNan : value; }

}  // namespace

CompiledForest::Kind CompiledForest::KindOf(const Split& split) {
  switch (split.missing) {
    case Missing::kNone: return kNanZero;
    case Missing::kNan: return split.default_left ? kNanLeft : kNanRight;
    case Missing::kZero: return split.default_left ? kZeroLeft : kZeroRight;
  }
  return kNanZero;
}

std::vector<std::vector<std::uint32_t>> CompiledForest::ColumnsByKind(const Forest& forest) {
  std::vector<std::vector<bool>> used(kKinds, std::vector<bool>(forest.width));
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) used[KindOf(split)][split.feature] = true;
  }
  std::vector<std::vector<std::uint32_t>> columns(kKinds);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t column = 0; column < forest.width; ++column) {
      if (used[kind][column]) columns[kind].push_back(static_cast<std::uint32_t>(column));
    }
  }
  return columns;
}

bool CompiledForest::CanCompile(const Forest& forest) {
  std::size_t nodes = 0;
  for (const Tree& tree : forest.trees) {
    nodes += tree.splits.size() + tree.leaves.size();
    for (const Split& split : tree.splits) {
      if (split.categorical) return false;
    }
  }
  std::size_t slots = 1;
  for (const auto& columns : ColumnsByKind(forest)) slots += columns.size();
  return slots <= kMaxSlots && nodes < kMaxNodes;
}

CompiledForest::CompiledForest(const Forest& forest) {
  std::vector<std::uint32_t> slot_of(kKinds * forest.width);
  const auto columns = ColumnsByKind(forest);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (const std::uint32_t column : columns[kind]) {
      columns_.push_back(column);
      slot_of[kind * forest.width + column] = static_cast<std::uint32_t>(columns_.size());
    }
    kind_end_[kind] = columns_.size();
  }
  for (const Tree& tree : forest.trees) AddTree(tree, slot_of);
  AddGroups();
}

void CompiledForest::AddTree(const Tree& tree, const std::vector<std::uint32_t>& slot_of) {
  struct Pending {
    std::int32_t source;
    std::uint32_t depth;
  };
  const std::size_t width = slot_of.size() / kKinds;
  const auto root = static_cast<std::uint32_t>(nodes_.size());
  std::vector<Pending> order = {{tree.splits.empty() ? ~0 : 0, 0}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto [source, depth] = order[i];
    const auto self = static_cast<std::uint32_t>(nodes_.size());
    if (source < 0) {
      nodes_.push_back({tree.leaves[static_cast<std::size_t>(~source)], 0, self});
      continue;
    }
    const Split& split = tree.splits[static_cast<std::size_t>(source)];
    const Kind kind = KindOf(split);
    const bool exchanged = kind == kNanLeft || kind == kZeroLeft;
    nodes_.push_back({exchanged ? ExchangedThreshold(split.threshold) : split.threshold,
                      slot_of[kind * width + split.feature], root + static_cast<std::uint32_t>(order.size())});
    order.push_back({exchanged ? split.right : split.left, depth + 1});
    order.push_back({exchanged ? split.left : split.right, depth + 1});
  }
  roots_.push_back(root);
  depths_.push_back(order.back().depth);
}

void CompiledForest::AddGroups() {
  // Empty places hold a leaf of 0.0, which changes no sum (a sum that starts at +0.0 is never -0.0).
  const auto nothing = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({0.0, 0, nothing});
  for (std::size_t begin = 0; begin < roots_.size(); begin += kLanes) {
    Group group;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t tree = begin + lane;
      group.root[lane] = tree < roots_.size() ? roots_[tree] : nothing;
      if (tree < roots_.size()) group.steps = std::max(group.steps, depths_[tree]);
    }
    groups_.push_back(group);
  }
}

void CompiledForest::FillSlots(const double* row, double* slots) const noexcept {
  *slots++ = -kInfinity;
  const std::uint32_t* columns = columns_.data();
  std::size_t i = 0;
  for (; i < kind_end_[kNanZero]; ++i) {
    const double value = row[columns[i]];
    slots[i] = std::fabs(value) > kZeroThreshold ? value : 0.0;
  }
  for (; i < kind_end_[kNanRight]; ++i) slots[i] = ZeroIfTiny(row[columns[i]]);
  for (; i < kind_end_[kNanLeft]; ++i) slots[i] = -ZeroIfTiny(row[columns[i]]);
  for (; i < kind_end_[kZeroRight]; ++i) slots[i] = NanIfTiny(row[columns[i]]);
  for (; i < kind_end_[kZeroLeft]; ++i) slots[i] = -NanIfTiny(row[columns[i]]);
}

double CompiledForest::Margin(const double* row) const noexcept {
  double slots[kMaxSlots];
  FillSlots(row, slots);
  const Node* const nodes = nodes_.data();
  double margin = 0.0;
  for (const Group& group : groups_) {
    std::uint32_t at[kLanes];
    std::copy(std::begin(group.root), std::end(group.root), at);
    for (std::uint32_t step = 0; step < group.steps; ++step) {
      for (std::uint32_t& place : at) {
        const Node& node = nodes[place];
        place = node.next + static_cast<std::uint32_t>(!(slots[node.slot] <= node.threshold));
      }
    }
    for (const std::uint32_t place : at) margin += nodes[place].threshold;
  }
  return margin;
}

void CompiledForest::AddTreeToRows(std::size_t tree, const double* slots, std::size_t count,
                                   double* margins) const noexcept {
  const Node* const nodes = nodes_.data();
  const std::size_t stride = columns_.size() + 1;
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
    for (std::size_t lane = 0; lane < kLanes; ++lane) margins[begin + lane] += nodes[at[lane]].threshold;
  }
}

void CompiledForest::Margins(const double* rows, std::size_t width, std::span<double> margins) const noexcept {
  double slots[kBlockSlots];
  double block[kBlockRows];
  const std::size_t stride = columns_.size() + 1;
  const std::size_t block_rows = std::min(kBlockRows, kBlockSlots / stride / kLanes * kLanes);
  for (std::size_t begin = 0; begin < margins.size(); begin += block_rows) {
    const std::size_t count = std::min(block_rows, margins.size() - begin);
    const std::size_t lanes = (count + kLanes - 1) / kLanes * kLanes;
    // Lanes beyond the last row repeat it; their sums are dropped.
    for (std::size_t i = 0; i < lanes; ++i) {
      FillSlots(rows + (begin + std::min(i, count - 1)) * width, slots + i * stride);
    }
    std::fill_n(block, lanes, 0.0);
    for (std::size_t tree = 0; tree < roots_.size(); ++tree) AddTreeToRows(tree, slots, lanes, block);
    std::copy_n(block, count, margins.data() + begin);
  }
}

}  // namespace hone
