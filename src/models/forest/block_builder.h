// Cuts a ranked tree into blocks of at most six levels (block_forest.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/forest/kernels/kernel.h"
#include "models/forest/ranked_forest.h"

namespace hone {

inline constexpr std::size_t kMaxBlocks = std::size_t{1} << 20;  // 0.9 GiB

struct Blocks {
  std::vector<BlockTests> tests;    // block t is the root of tree t
  std::vector<double> leaves;       // by exit: block * kExits + its number
  std::vector<std::uint32_t> next;  // by exit: the block that goes on there, 0 for a leaf
};

// Nothing when it would take more than kMaxBlocks.
std::optional<Blocks> MakeBlocks(const std::vector<RankedTree>& trees);

}  // namespace hone
