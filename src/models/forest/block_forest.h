// One row through a ranked forest: blocks of up to six levels, all 63 tests of a block at once.
//
// A tree is one block where it is at most six levels high. A higher one goes on in further blocks: a block takes six
// levels where few subtrees go on below them, else so many that the subtrees below it fill their blocks. The blocks
// that the row reaches are answered round after round, up to 64 at a time, so a row costs the blocks on its paths,
// however unbalanced the trees are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/forest/block_builder.h"
#include "models/forest/kernels/kernel.h"
#include "models/forest/output_sums.h"

namespace hone {

template <typename Real>
class BlockForest {
 public:
  // `kernel` has `exits`, for at least `slots` byte slots.
  BlockForest(Blocks blocks, std::size_t slots, std::vector<OutputSum> outputs, const Kernel& kernel);

  // `ranks` has room for kBlockSlots. No allocation.
  void Margins(const std::uint8_t* ranks, std::span<double> margins) const noexcept;

 private:
  void FindLeaves(std::size_t first_tree, std::size_t count, const std::uint8_t* ranks,
                  std::uint32_t* exits) const noexcept;

  const Kernel& kernel_;
  std::size_t slots_;
  std::vector<OutputSum> outputs_;
  std::vector<std::uint32_t> roots_;  // the block of each tree's root, filled up with zeros
  std::vector<BlockTests> blocks_;    // block t is the root of tree t
  std::vector<Real> leaves_;          // by exit
  std::vector<std::uint32_t> next_;   // by exit: the block that goes on there, 0 for a leaf
  bool goes_on_ = false;              // some block goes on
};

}  // namespace hone
