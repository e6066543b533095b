// A numerical forest compiled for speed: every split becomes the one test `slot <= threshold`.
//
// A row is first turned into slots, one per (column, meaning of missing) that the forest uses:
//   NaN counts as 0       value, NaN -> 0
//   NaN goes right        value (no comparison with NaN holds)
//   NaN goes left         -value, tested as -value <= -next(threshold) with the children exchanged; next(t) is the
//                         least double above t, so the test is exactly value > t, and false for NaN
//   0 and NaN go right    value, 0 -> NaN
//   0 and NaN go left     -value, 0 -> NaN, children exchanged
// with |value| <= kZeroThreshold taken as 0; and for XGBoost, whose values are rounded to float,
//   NaN goes right        value, tested as value <= previous float before the threshold, which is value < threshold
//   NaN goes left         -value, tested as -value <= -threshold with the children exchanged
// So the order of comparisons is the library's, to the bit.
//
// Nodes lie in one array, breadth first within a tree, siblings side by side, so a step is
// `node = next + !(slot <= threshold)` without a branch; a leaf steps to itself. Eight trees (one row) or eight rows
// (one tree) walk in lockstep to hide the latency of the loads; leaves are added in tree order, those of one output
// after those of the other, in the precision of the dialect.
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

  // False for forests with categorical splits or linear leaves, or with more slots or nodes than the form holds.
  static bool CanCompile(const Forest& forest);
  explicit CompiledForest(const Forest& forest);

  // One row's sums of leaves, one per output. No allocation.
  void Margins(const double* row, std::span<double> margins) const noexcept;
  // `rows`: `count` of `width` values; `margins`: count x outputs, row-major.
  void Margins(const double* rows, std::size_t width, std::size_t count, double* margins) const noexcept;

 private:
  struct Node {
    double threshold = 0;    // of a leaf: its value
    std::uint32_t slot = 0;  // of a leaf: 0, whose value is -infinity
    std::uint32_t next = 0;  // where to go when the test holds, else the one after; a leaf: itself
  };
  enum Kind : std::uint8_t {
    kNanZero,
    kNanRight,
    kNanLeft,
    kZeroRight,
    kZeroLeft,
    kFloatNanRight,
    kFloatNanLeft,
    kKinds
  };
  static constexpr std::size_t kLanes = 8;
  struct Group {
    std::uint32_t root[kLanes] = {};
    std::uint32_t steps = 0;  // depth of its deepest tree
  };

  // What one output adds up; trees and groups lie in the order of outputs.
  struct Output {
    double first = 0;  // what its sum starts from
    double last = 0;   // what is added to the sum
    std::size_t trees_end = 0, groups_end = 0;
  };

  static Kind KindOf(const Split& split, Dialect dialect);
  static bool IsExchanged(Kind kind);
  static double ThresholdOf(Kind kind, double threshold);
  static std::vector<std::vector<std::uint32_t>> ColumnsByKind(const Forest& forest);
  void AddTree(const Tree& tree, const std::vector<std::uint32_t>& slot_of);
  void AddGroups(std::size_t first_tree);
  void FillSlots(const double* row, double* slots) const noexcept;
  template <typename Real>
  void RowMargins(const double* slots, std::span<double> margins) const noexcept;
  template <typename Real>
  void BlockMargins(const double* slots, std::size_t count, double* margins) const noexcept;
  template <typename Real>
  void AddTreeToRows(std::size_t tree, const double* slots, std::size_t count, Real* margins) const noexcept;

  Dialect dialect_;
  std::vector<Node> nodes_;
  std::vector<Output> outputs_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> roots_;    // one per tree
  std::vector<std::uint32_t> depths_;   // one per tree
  std::vector<std::uint32_t> columns_;  // of slot i + 1, kinds one after the other
  std::size_t kind_end_[kKinds] = {};
};

}  // namespace hone
