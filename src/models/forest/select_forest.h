// Many rows through a ranked forest, 64 at a time: every test of a tree is made for all of them, and from the leaves
// upward each test selects, row by row, the leaf number of its left or of its right child. The lowest three levels of a
// tree do so in registers, in groups of seven tests. A row costs the number of splits, not the depth, so unbalanced
// trees cost what balanced ones do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/forest/kernels/kernel.h"
#include "models/forest/output_sums.h"
#include "models/forest/ranked_forest.h"
#include "models/forest/slots.h"

namespace hone {

template <typename Real>
class SelectForest {
 public:
  static constexpr std::size_t kMaxLeaves = 256;  // of a tree: leaf numbers are bytes

  // Whether no tree has more leaves, and on average they have no more than is worth it with this kernel.
  static bool Fits(const RankedForest& ranked, const Kernel& kernel);
  SelectForest(const RankedForest& ranked, std::vector<OutputSum> outputs, const Kernel& kernel);

  // `rows`: `count` of `width` values; `margins`: count x outputs, row-major. `slots` and `ranks` are the forest's. No
  // allocation.
  void Margins(const ForestSlots& slots, const SlotRanks& ranks, const double* rows, std::size_t width,
               std::size_t count, double* margins) const noexcept;

 private:
  struct TreePart {
    std::size_t tests_begin = 0, joins_begin = 0, runs_begin = 0;
    std::size_t leaves_begin = 0;
    std::uint32_t leaves = 0, runs = 0;
    std::uint32_t answer = 0;  // where in the work space its leaf numbers are
  };

  void AddTree(const RankedTree& tree);
  void AddTreeToRows(std::size_t tree, const std::uint8_t* ranks, std::uint8_t* work, Real* sums) const noexcept;

  const Kernel& kernel_;
  std::vector<OutputSum> outputs_;
  std::size_t max_leaves_ = 1;
  std::vector<SelectTest> tests_;
  std::vector<SelectJoin> joins_;
  std::vector<SelectRun> runs_;
  std::vector<Real> leaves_;
  std::vector<TreePart> trees_;
};

}  // namespace hone
