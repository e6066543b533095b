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

double PreviousFloat(double threshold) {
  const auto value = static_cast<float>(threshold);
  return threshold == -kInfinity ? kNan : static_cast<double>(std::nextafter(value, static_cast<float>(-kInfinity)));
}

double ZeroIfTiny(double value) { return std::fabs(value) <= kZeroThreshold ? 0.0 : value; }

double NanIfTiny(double value) { return std::fabs(value) <= kZeroThreshold ? kNan : value; }

}  // namespace

CompiledForest::Kind CompiledForest::KindOf(const Split& split, Dialect dialect) {
  if (dialect == Dialect::kXgboost) return split.default_left ? kFloatNanLeft : kFloatNanRight;
  switch (split.missing) {
    case Missing::kNone: return kNanZero;
    case Missing::kNan: return split.default_left ? kNanLeft : kNanRight;
    case Missing::kZero: return split.default_left ? kZeroLeft : kZeroRight;
  }
  return kNanZero;
}

bool CompiledForest::IsExchanged(Kind kind) { return kind == kNanLeft || kind == kZeroLeft || kind == kFloatNanLeft; }

double CompiledForest::ThresholdOf(Kind kind, double threshold) {
  if (kind == kFloatNanLeft) return -threshold;
  if (kind == kFloatNanRight) return PreviousFloat(threshold);
  return IsExchanged(kind) ? ExchangedThreshold(threshold) : threshold;
}

std::vector<std::vector<std::uint32_t>> CompiledForest::ColumnsByKind(const Forest& forest) {
  std::vector<std::vector<bool>> used(kKinds, std::vector<bool>(forest.width));
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) used[KindOf(split, forest.dialect)][split.feature] = true;
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
    if (!tree.linear.empty()) return false;
    for (const Split& split : tree.splits) {
      if (split.categorical) return false;
    }
  }
  std::size_t slots = 1;
  for (const auto& columns : ColumnsByKind(forest)) slots += columns.size();
  return slots <= kMaxSlots && nodes < kMaxNodes;
}

CompiledForest::CompiledForest(const Forest& forest) : dialect_(forest.dialect) {
  std::vector<std::uint32_t> slot_of(kKinds * forest.width);
  const auto columns = ColumnsByKind(forest);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (const std::uint32_t column : columns[kind]) {
      columns_.push_back(column);
      slot_of[kind * forest.width + column] = static_cast<std::uint32_t>(columns_.size());
    }
    kind_end_[kind] = columns_.size();
  }
  // Empty places of a group hold a leaf of -0.0, which changes no sum.
  nodes_.push_back({-0.0, 0, 0});
  std::vector<std::vector<const Tree*>> trees(forest.outputs());
  for (const Tree& tree : forest.trees) trees[tree.output].push_back(&tree);
  for (std::size_t k = 0; k < trees.size(); ++k) {
    const std::size_t first_tree = roots_.size();
    for (const Tree* tree : trees[k]) AddTree(*tree, slot_of);
    AddGroups(first_tree);
    outputs_.push_back({forest.start_last ? 0.0 : forest.start[k], forest.start_last ? forest.start[k] : -0.0,
                        roots_.size(), groups_.size()});
  }
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
      const std::int32_t leaf = ~source;
      nodes_.push_back({tree.leaves[static_cast<std::size_t>(leaf)], 0, self});
      continue;
    }
    const Split& split = tree.splits[static_cast<std::size_t>(source)];
    const Kind kind = KindOf(split, dialect_);
    const bool exchanged = IsExchanged(kind);
    nodes_.push_back({ThresholdOf(kind, split.threshold), slot_of[kind * width + split.feature],
                      root + static_cast<std::uint32_t>(order.size())});
    order.push_back({exchanged ? split.right : split.left, depth + 1});
    order.push_back({exchanged ? split.left : split.right, depth + 1});
  }
  roots_.push_back(root);
  depths_.push_back(order.back().depth);
}

void CompiledForest::AddGroups(std::size_t first_tree) {
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
  for (; i < kind_end_[kFloatNanRight]; ++i) slots[i] = static_cast<double>(static_cast<float>(row[columns[i]]));
  for (; i < kind_end_[kFloatNanLeft]; ++i) slots[i] = -static_cast<double>(static_cast<float>(row[columns[i]]));
}

template <typename Real>
void CompiledForest::RowMargins(const double* slots, std::span<double> margins) const noexcept {
  const Node* const nodes = nodes_.data();
  const Group* group = groups_.data();
  for (std::size_t k = 0; k < margins.size(); ++k) {
    auto margin = static_cast<Real>(outputs_[k].first);
    for (const Group* const end = groups_.data() + outputs_[k].groups_end; group != end; ++group) {
      std::uint32_t at[kLanes];
      std::copy(std::begin(group->root), std::end(group->root), at);
      for (std::uint32_t step = 0; step < group->steps; ++step) {
        for (std::uint32_t& place : at) {
          const Node& node = nodes[place];
          place = node.next + static_cast<std::uint32_t>(!(slots[node.slot] <= node.threshold));
        }
      }
      for (const std::uint32_t place : at) margin += static_cast<Real>(nodes[place].threshold);
    }
    margins[k] = static_cast<double>(margin + static_cast<Real>(outputs_[k].last));
  }
}

void CompiledForest::Margins(const double* row, std::span<double> margins) const noexcept {
  double slots[kMaxSlots];
  FillSlots(row, slots);
  dialect_ == Dialect::kXgboost ? RowMargins<float>(slots, margins) : RowMargins<double>(slots, margins);
}

template <typename Real>
void CompiledForest::AddTreeToRows(std::size_t tree, const double* slots, std::size_t count,
                                   Real* margins) const noexcept {
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
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      margins[begin + lane] += static_cast<Real>(nodes[at[lane]].threshold);
    }
  }
}

// `slots` hold rows up to a multiple of kLanes.
template <typename Real>
void CompiledForest::BlockMargins(const double* slots, std::size_t count, double* margins) const noexcept {
  Real block[kBlockRows];
  const std::size_t lanes = (count + kLanes - 1) / kLanes * kLanes;
  std::size_t tree = 0;
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    std::fill_n(block, lanes, static_cast<Real>(outputs_[k].first));
    for (; tree < outputs_[k].trees_end; ++tree) AddTreeToRows(tree, slots, lanes, block);
    for (std::size_t i = 0; i < count; ++i) {
      margins[i * outputs_.size() + k] = static_cast<double>(block[i] + static_cast<Real>(outputs_[k].last));
    }
  }
}

void CompiledForest::Margins(const double* rows, std::size_t width, std::size_t count, double* margins) const noexcept {
  double slots[kBlockSlots];
  const std::size_t stride = columns_.size() + 1;
  const std::size_t block_rows = std::min(kBlockRows, kBlockSlots / stride / kLanes * kLanes);
  for (std::size_t begin = 0; begin < count; begin += block_rows) {
    const std::size_t taken = std::min(block_rows, count - begin);
    const std::size_t lanes = (taken + kLanes - 1) / kLanes * kLanes;
    // Lanes beyond the last row repeat it; their sums are dropped.
    for (std::size_t i = 0; i < lanes; ++i) {
      FillSlots(rows + (begin + std::min(i, taken - 1)) * width, slots + i * stride);
    }
    double* const out = margins + begin * outputs_.size();
    dialect_ == Dialect::kXgboost ? BlockMargins<float>(slots, taken, out) : BlockMargins<double>(slots, taken, out);
  }
}

}  // namespace hone
