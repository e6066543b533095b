// A numerical forest compiled for speed: every split becomes the one test `slot <= threshold`.
//
// A row is first turned into slots, one per (column, meaning of missing) that the forest uses:
//   NaN counts as 0       value, NaN -> 0
//   NaN goes right        value (no comparison with NaN holds)
//   NaN goes left         -value, tested as -value <= -next(threshold) with the children exchanged; next(t) is the
//                         least double above t, so the test is exactly value > t, and false for NaN
//   0 and NaN go right    value, 0 -> NaN
//   0 and NaN go left     -value, 0 -> NaN, children exchanged
// with |value| <= kZeroThreshold taken as 0. So the order of comparisons is the library's, to the bit.
//
// Nodes lie in one array, breadth first within a tree, siblings side by side, so a step is
// `node = next + !(slot <= threshold)` without a branch; a leaf steps to itself. Eight trees (one row) or eight rows
// (one tree) walk in lockstep to hide the latency of the loads; leaves are added in tree order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/forest/tree.h"

namespace hone {

class CompiledForest {
 public:
  // Rows may have at most this many slots (4 KiB of stack).
  static constexpr std::size_t kMaxSlots = 512;

  // False for forests with categorical splits, or with more slots or nodes than the form holds.
  static bool CanCompile(const Forest& forest);
  explicit CompiledForest(const Forest& forest);

  // Sum of leaves in tree order. No allocation.
  double Margin(const double* row) const noexcept;
  // `rows`: margins.size() rows of `width` values.
  void Margins(const double* rows, std::size_t width, std::span<double> margins) const noexcept;

 private:
  struct Node {
    double threshold = 0;    // of a leaf: its value
    std::uint32_t slot = 0;  // of a leaf: 0, whose value is -infinity
    std::uint32_t next = 0;  // where to go when the test holds, else the one after; a leaf: itself
  };
  enum Kind : std::uint8_t { kNanZero, kNanRight, kNanLeft, kZeroRight, kZeroLeft, kKinds };
  static constexpr std::size_t kLanes = 8;
  struct Group {
    std::uint32_t root[kLanes] = {};
    std::uint32_t steps = 0;  // depth of its deepest tree
  };

  static Kind KindOf(const Split& split);
  static std::vector<std::vector<std::uint32_t>> ColumnsByKind(const Forest& forest);
  void AddTree(const Tree& tree, const std::vector<std::uint32_t>& slot_of);
  void AddGroups();
  void FillSlots(const double* row, double* slots) const noexcept;
  void AddTreeToRows(std::size_t tree, const double* slots, std::size_t count, double* margins) const noexcept;

  std::vector<Node> nodes_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> roots_;    // one per tree
  std::vector<std::uint32_t> depths_;   // one per tree
  std::vector<std::uint32_t> columns_;  // of slot i + 1, kinds one after the other
  std::size_t kind_end_[kKinds] = {};
};

}  // namespace hone
