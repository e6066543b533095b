// A forest compiled for speed: one row and many rows each by the best path that its shape fits.
//
//   one row    blocks (block_forest.h) where the processor has them for so many byte slots, else lockstep
//   many rows  selection (select_forest.h) for trees of up to 256 leaves, else row by row in blocks, else lockstep
//
// A forest with many slots and few trees stays in lockstep, since ranking its rows would take longer than it saves;
// sooner so for one row. So does one with categorical splits or linear leaves.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "models/forest/block_forest.h"
#include "models/forest/forest_kernel.h"
#include "models/forest/lockstep_forest.h"
#include "models/forest/ranked_forest.h"
#include "models/forest/select_forest.h"
#include "models/forest/slots.h"
#include "models/forest/tree.h"

namespace hone {

// No categorical splits and no linear leaves: each split is a test of ForestSlots, each leaf a number.
bool IsNumerical(const Forest& forest);

// False for forests of least or greatest leaves, and where the forms do not hold the slots, nodes or category sets.
bool CanCompile(const Forest& forest);

// `Real`: the precision of the forest's dialect.
template <typename Real>
class CompiledForest {
 public:
  // `kernel`: kLockstep up to BestForestKernel(), used wherever it has a form for the forest; none: the best one, where
  // it pays.
  CompiledForest(const Forest& forest, std::optional<ForestKernel> kernel);

  // One row's sums of leaves, one per output. No allocation.
  void Margins(const double* row, std::span<double> margins) const noexcept;
  // `rows`: `count` of `width` values; `margins`: count x outputs, row-major.
  void Margins(const double* rows, std::size_t width, std::size_t count, double* margins) const noexcept;

  // The paths taken, e.g. "avx512: one row in blocks, many by selection".
  std::string Describe() const;

 private:
  void RankWith(const Forest& forest, const Kernel& loops, bool where_it_pays);
  void RowsInBlocks(const double* rows, std::size_t width, std::size_t count, double* margins) const noexcept;

  ForestKernel kernel_;
  std::size_t outputs_;
  ForestSlots slots_;
  SlotRanks ranks_;
  void (*rank_row_)(const RankTable& table, const double* values, std::uint8_t* ranks) = nullptr;
  std::unique_ptr<const BlockForest<Real>> blocks_;
  std::unique_ptr<const SelectForest<Real>> select_;
  std::unique_ptr<const LockstepForest<Real>> lockstep_;
};

}  // namespace hone
