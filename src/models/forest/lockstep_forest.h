// A forest as nodes of doubles, walked in lockstep: for any number of slots and thresholds, on any machine, and for
// categorical splits and linear leaves.
//
// Nodes lie in one array, breadth first within a tree, siblings side by side, so a step is
// `node = next + !(slot <= threshold)` without a branch; a leaf steps to itself. Where there are categorical splits,
// both kinds of test are made at each node, still without a branch. Eight trees (one row) or eight rows (one tree) walk
// in lockstep to hide the latency of the loads; leaves are added in tree order, those of one output after those of the
// other, in `Real`, the precision of the dialect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/forest/category_slots.h"
#include "models/forest/output_sums.h"
#include "models/forest/slots.h"
#include "models/forest/tree.h"

namespace hone {

template <typename Real>
class LockstepForest {
 public:
  static constexpr std::size_t kMaxSlots = 4095;  // 32 KiB of stack
  static constexpr std::size_t kMaxNodes = std::size_t{1} << 31;

  // `slots` are those of the forest; with its CategorySlots, which can hold it, at most kMaxSlots. At most kMaxNodes
  // splits and leaves.
  LockstepForest(const Forest& forest, const ForestSlots& slots);

  // One row's sums of leaves, one per output. No allocation.
  void Margins(const ForestSlots& slots, const double* row, std::span<double> margins) const noexcept;
  // `rows`: `count` of `width` values; `margins`: count x outputs, row-major.
  void Margins(const ForestSlots& slots, const double* rows, std::size_t width, std::size_t count,
               double* margins) const noexcept;

 private:
  struct Node {
    double threshold = 0;    // of a leaf: its value; of a categorical split: in its low bits the first of its words
    std::uint32_t slot = 0;  // of a leaf: 0
    std::uint32_t next = 0;  // where to go when the test holds, else the one after; a leaf: itself
  };
  // A row, or several with `stride` between them. Slot 0 is -infinity, the numerical ones follow, then the categorical
  // ones. Each is in both: in `values` a categorical one is NaN, so that no numerical test of it holds, in `codes` all
  // others are {0, 0}, so that no categorical one does.
  struct Slots {
    const double* values = nullptr;
    const CategorySlots::Code* codes = nullptr;  // unset where no split is categorical
    std::size_t stride = 0;
    const double* rows = nullptr;  // as they came, for linear leaves
    std::size_t width = 0;
  };
  static constexpr std::size_t kLanes = 8;
  struct Group {
    std::uint32_t root[kLanes] = {};
    std::uint32_t steps = 0;  // depth of its deepest tree
  };

  void AddTree(const Tree& tree, const ForestSlots& slots);
  void AddLeaf(const Tree& tree, std::size_t leaf);
  void AddSplit(const Tree& tree, const Split& split, const ForestSlots& slots, std::uint32_t next,
                std::vector<std::int32_t>& children);
  void AddGroups(std::size_t first_tree);
  template <bool kCategories>
  bool GoesRight(const Node& node, const double* values, const CategorySlots::Code* codes) const noexcept;
  template <bool kCategories>
  void WalkGroup(const Group& group, const Slots& row, std::uint32_t (&at)[kLanes]) const noexcept;
  template <bool kCategories>
  void WalkTree(std::size_t tree, const Slots& first, std::uint32_t (&at)[kLanes]) const noexcept;
  void Fill(const ForestSlots& slots, const double* row, double* values, CategorySlots::Code* codes) const noexcept;
  Real LeafValue(std::uint32_t place, const double* row) const noexcept;
  void BlockMargins(const Slots& slots, std::size_t count, double* margins) const noexcept;
  void AddTreeToRows(std::size_t tree, const Slots& slots, std::size_t count, Real* margins) const noexcept;

  std::vector<Node> nodes_;
  CategorySlots categories_;
  std::vector<std::uint32_t> words_;  // of the categorical splits; the first is 0
  std::uint32_t first_category_ = 0;  // the slot
  // Of linear leaves: by node, where its terms lie; empty where no leaf is linear.
  struct Line {
    double constant = 0;
    std::uint32_t terms_begin = 0, terms_end = 0;
  };
  std::vector<Line> lines_;
  std::vector<LinearLeaf::Term> terms_;
  std::vector<OutputSum> outputs_;
  std::vector<std::size_t> groups_end_;  // of each output
  std::vector<Group> groups_;
  std::vector<std::uint32_t> roots_;   // one per tree
  std::vector<std::uint32_t> depths_;  // one per tree
};

}  // namespace hone
