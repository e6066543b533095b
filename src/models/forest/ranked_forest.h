// A numerical forest in ranks: every value becomes the number of the forest's own thresholds that it passes, one byte.
//
// The order of comparisons is kept, so the answers are the same to the bit. A slot (slots.h) with more than kMaxCuts
// thresholds becomes several byte slots, each with a run of them. One row's value is compared with sixteen cuts at
// once, twice; many rows go down a search tree of cuts rounded to float together, as many as a register holds, each
// level looked up in registers, and only a value that equals a rounded cut is compared as a double. What a kernel
// (kernels/kernel.h) works on is made from this form: blocks for one row (block_forest.h), selections for many
// (select_forest.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/forest/kernels/kernel.h"
#include "models/forest/slots.h"
#include "models/forest/tree.h"

namespace hone {

// The cuts of all byte slots, short slots first: as they are, and as search trees of floats.
struct SlotRanks {
  std::vector<SlotCuts> slots;
  std::size_t long_begin = 0;
  std::vector<CutBlock> blocks;
  std::vector<SlotSearch> searches;
  std::vector<FloatBlock> trees;

  RankTable table() const noexcept {
    return {slots.data(), slots.size(), long_begin, blocks.data(), searches.data(), trees.data()};
  }
};

struct RankedTree {
  // Right where the rank of the byte slot > cut; children as in tree.h.
  struct Split {
    std::uint16_t slot = 0;
    std::uint8_t cut = 0;
    std::int32_t left = 0, right = 0;
  };
  std::vector<Split> splits;
  const std::vector<double>* leaves = nullptr;  // of the forest it was made from
};

// The leaf that a negative child number stands for.
inline std::size_t LeafNumber(std::int32_t child) {
  const std::int32_t leaf = ~child;
  return static_cast<std::size_t>(leaf);
}

struct RankedForest {
  static constexpr std::size_t kMaxSlots = 512;  // one rank each for 64 rows: 32 KiB of stack

  SlotRanks ranks;
  std::vector<RankedTree> trees;  // in the order of outputs (output_sums.h)
};

// Nothing when it would take more than kMaxSlots byte slots. `slots` are those of the forest.
std::optional<RankedForest> RankForest(const Forest& forest, const ForestSlots& slots);

}  // namespace hone
