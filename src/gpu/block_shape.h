// How a block of the forest kernel (forest_block.h) is cut: rows, and trees that its shared memory holds at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gpu/flat_forest.h"

namespace hone {

// What a device offers, in bytes and threads. An H200: 232,448, 233,472 and 2,048.
struct DeviceLimits {
  std::uint32_t shared_per_block = 0;
  std::uint32_t shared_per_multiprocessor = 0;
  std::uint32_t threads_per_multiprocessor = 0;
};

struct BlockShape {
  std::uint32_t rows = 0;  // one thread each
  std::uint32_t tile_nodes = 0;
  std::uint32_t shared_bytes = 0;
  std::uint32_t blocks = 0;  // that fit a multiprocessor at once
};

// Rows whose values lie in shared memory, with the stage between them, in Reals (forest_block.h).
inline constexpr std::uint32_t kStageStride = kStageColumns + 1;

// The shape that keeps most threads on a multiprocessor; of equals one of two blocks or more, so that one works while
// another loads, and of these the one of most rows, for they share what is loaded. What memory is left then goes to the
// trees. Nothing when the values of 32 rows do not fit: about 1,700 slots of floats or 850 of doubles on an H200.
std::optional<BlockShape> ChooseBlockShape(std::uint32_t slots, std::uint32_t real_bytes, const DeviceLimits& limits);

// The first tree of each run of trees that a tile holds, and the end. A tree that is larger than the tile is a run of
// its own. `tree_begin`: trees + 1 entries.
std::vector<std::uint32_t> TreeRuns(const std::uint32_t* tree_begin, std::uint32_t trees, std::uint32_t tile_nodes);

}  // namespace hone
