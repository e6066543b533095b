#include "gpu/block_shape.h"

#include <algorithm>

namespace hone {
namespace {

constexpr std::uint32_t kReservedPerBlock = 1024;  // by the system, of a multiprocessor's shared memory
constexpr std::uint32_t kLeastTileBytes = 16 * 1024;
constexpr std::uint32_t kMostBlocks = 32;
constexpr std::uint32_t kRowsTried[] = {1024, 512, 256, 128, 64, 32};

// Its tile is as small as it may be.
BlockShape ShapeOf(std::uint32_t rows, std::uint32_t slots, std::uint32_t real_bytes, const DeviceLimits& limits) {
  const std::uint64_t values = std::uint64_t{slots} * rows * real_bytes;
  const std::uint64_t tile = std::max(kLeastTileBytes, kStageStride * rows * real_bytes);
  const std::uint64_t bytes = values + tile;
  if (bytes > limits.shared_per_block) return {};
  const std::uint64_t by_memory = limits.shared_per_multiprocessor / (bytes + kReservedPerBlock);
  const std::uint64_t blocks =
      std::min<std::uint64_t>({by_memory, limits.threads_per_multiprocessor / rows, kMostBlocks});
  return {rows, 0, static_cast<std::uint32_t>(values), static_cast<std::uint32_t>(blocks)};
}

}  // namespace

std::optional<BlockShape> ChooseBlockShape(std::uint32_t slots, std::uint32_t real_bytes, const DeviceLimits& limits) {
  BlockShape best;
  for (const std::uint32_t rows : kRowsTried) {
    const BlockShape shape = ShapeOf(rows, slots, real_bytes, limits);
    const std::uint32_t threads = shape.blocks * shape.rows, most = best.blocks * best.rows;
    if (threads > most || (threads == most && best.blocks == 1)) best = shape;
  }
  if (best.blocks == 0) return std::nullopt;
  const std::uint32_t share =
      std::min(limits.shared_per_block, limits.shared_per_multiprocessor / best.blocks - kReservedPerBlock);
  best.tile_nodes = (share - best.shared_bytes) / (2 * real_bytes);
  best.shared_bytes += best.tile_nodes * 2 * real_bytes;
  return best;
}

std::vector<std::uint32_t> TreeRuns(const std::uint32_t* tree_begin, std::uint32_t trees, std::uint32_t tile_nodes) {
  std::vector<std::uint32_t> runs;
  std::uint32_t nodes = 0;
  for (std::uint32_t tree = 0; tree < trees; ++tree) {
    const std::uint32_t size = tree_begin[tree + 1] - tree_begin[tree];
    if (runs.empty() || size > tile_nodes - std::min(nodes, tile_nodes)) {
      runs.push_back(tree);
      nodes = 0;
    }
    nodes += size;
  }
  runs.push_back(trees);
  return runs;
}

}  // namespace hone
