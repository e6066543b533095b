// A numerical forest as plain data for the GPU: arrays that are copied to a device as they are.
//
// A node is one record of 8 bytes (float: XGBoost's dialect) or 16 (double: LightGBM's). The nodes of a tree lie
// breadth first, siblings side by side, so that a step is `node = next + !(slot <= threshold)` and the top levels,
// which every row reads, share a few lines. Trees lie in the order of outputs, those of one output in the order in
// which its sum adds them. models/forest/flat_forest_builder.h makes it from a forest's trees.
#pragma once

#include <cstdint>
#include <vector>

#include "gpu/host_device.h"
#include "gpu/slot_value.h"

namespace hone {

// Changes with any of these structs: program and GPU library must be of one layout.
inline constexpr std::uint32_t kFlatForestLayout = 1;

inline constexpr std::uint32_t kFlatMaxSlots = 4095;
inline constexpr std::uint32_t kFlatMaxTreeNodes = 1U << 20;  // splits and leaves
// Columns that a block of the kernel transposes at a time (forest_block.h).
inline constexpr std::uint32_t kStageColumns = 16;

template <typename Real>
struct alignas(2 * sizeof(Real)) FlatNode {
  Real threshold = 0;      // of a leaf: its value
  std::uint32_t link = 0;  // slot << 20 | next

  HONE_HOST_DEVICE std::uint32_t slot() const { return link >> 20; }
  // Of a split: the child when its slot <= threshold; the other is the one after. Counted from the tree's root.
  HONE_HOST_DEVICE std::uint32_t next() const { return link & (kFlatMaxTreeNodes - 1); }
  HONE_HOST_DEVICE bool is_leaf() const { return slot() == kFlatMaxSlots; }
};
static_assert(sizeof(FlatNode<float>) == 8 && sizeof(FlatNode<double>) == 16);

// Where a slot's value comes from.
struct FlatSlot {
  std::uint32_t column = 0;
  SlotKind kind = kNanZero;
};

template <typename Real>
struct FlatOutput {
  Real first = 0;  // what its sum starts from
  Real last = 0;   // what is added to the sum
  std::uint32_t trees_end = 0;
};

// Does not own. Counts are in elements.
template <typename Real>
struct FlatForestView {
  const FlatSlot* slots = nullptr;             // by column
  const std::uint32_t* group_begin = nullptr;  // groups() + 1: the first slot of each kStageColumns columns
  const FlatNode<Real>* nodes = nullptr;
  const std::uint32_t* tree_begin = nullptr;  // trees + 1: the root of each tree in `nodes`
  const FlatOutput<Real>* outputs = nullptr;
  std::uint32_t width = 0;  // columns of a row
  std::uint32_t slot_count = 0;
  std::uint32_t trees = 0;
  std::uint32_t output_count = 0;

  HONE_HOST_DEVICE std::uint32_t groups() const { return (width + kStageColumns - 1) / kStageColumns; }
};

template <typename Real>
struct FlatForest {
  std::uint32_t width = 0;
  std::vector<FlatSlot> slots;
  std::vector<std::uint32_t> group_begin;
  std::vector<FlatNode<Real>> nodes;
  std::vector<std::uint32_t> tree_begin;
  std::vector<FlatOutput<Real>> outputs;

  FlatForestView<Real> view() const {
    return {slots.data(),
            group_begin.data(),
            nodes.data(),
            tree_begin.data(),
            outputs.data(),
            width,
            static_cast<std::uint32_t>(slots.size()),
            static_cast<std::uint32_t>(tree_begin.size() - 1),
            static_cast<std::uint32_t>(outputs.size())};
  }
};

// The leaf that a row reaches in a tree. Its value of slot s is values[s * stride].
template <typename Real>
HONE_HOST_DEVICE Real LeafOf(const FlatNode<Real>* tree, const Real* values, std::uint32_t stride) {
  FlatNode<Real> node = tree[0];
  while (!node.is_leaf()) {
    node = tree[node.next() + static_cast<std::uint32_t>(!(values[node.slot() * stride] <= node.threshold))];
  }
  return node.threshold;
}

}  // namespace hone
