// A numerical forest as nodes of doubles, walked in lockstep: for any number of slots and thresholds, on any machine.
//
// Nodes lie in one array, breadth first within a tree, siblings side by side, so a step is
// `node = next + !(slot <= threshold)` without a branch; a leaf steps to itself. Eight trees (one row) or eight rows
// (one tree) walk in lockstep to hide the latency of the loads; leaves are added in tree order, those of one output
// after those of the other, in `Real`, the precision of the dialect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/forest/output_sums.h"
#include "models/forest/slots.h"
#include "models/forest/tree.h"

namespace hone {

template <typename Real>
class LockstepForest {
 public:
  static constexpr std::size_t kMaxSlots = 4095;  // 32 KiB of stack
  static constexpr std::size_t kMaxNodes = std::size_t{1} << 31;

  // `slots` are those of the forest, at most kMaxSlots; at most kMaxNodes splits and leaves.
  LockstepForest(const Forest& forest, const ForestSlots& slots);

  // One row's sums of leaves, one per output. No allocation.
  void Margins(const ForestSlots& slots, const double* row, std::span<double> margins) const noexcept;
  // `rows`: `count` of `width` values; `margins`: count x outputs, row-major.
  void Margins(const ForestSlots& slots, const double* rows, std::size_t width, std::size_t count,
               double* margins) const noexcept;

 private:
  struct Node {
    double threshold = 0;    // of a leaf: its value
    std::uint32_t slot = 0;  // one more than the forest's; of a leaf: 0, whose value is -infinity
    std::uint32_t next = 0;  // where to go when the test holds, else the one after; a leaf: itself
  };
  static constexpr std::size_t kLanes = 8;
  struct Group {
    std::uint32_t root[kLanes] = {};
    std::uint32_t steps = 0;  // depth of its deepest tree
  };

  void AddTree(const Tree& tree, const ForestSlots& slots);
  void AddGroups(std::size_t first_tree);
  void BlockMargins(const double* slots, std::size_t stride, std::size_t count, double* margins) const noexcept;
  void AddTreeToRows(std::size_t tree, const double* slots, std::size_t stride, std::size_t count,
                     Real* margins) const noexcept;

  std::vector<Node> nodes_;
  std::vector<OutputSum> outputs_;
  std::vector<std::size_t> groups_end_;  // of each output
  std::vector<Group> groups_;
  std::vector<std::uint32_t> roots_;   // one per tree
  std::vector<std::uint32_t> depths_;  // one per tree
};

}  // namespace hone
