#include "gpu/block_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace hone {
namespace {

constexpr DeviceLimits kH200{232448, 233472, 2048};
constexpr DeviceLimits kA100{166912, 167936, 2048};
constexpr DeviceLimits kSmall{101376, 102400, 1536};  // of compute capability 8.6 and 8.9

// Whatever the forest, what is chosen fits the device, and the stage fits the tile.
TEST(BlockShape, FitsTheDevice) {
  for (const DeviceLimits& limits : {kH200, kA100, kSmall}) {
    for (std::uint32_t slots = 0; slots <= kFlatMaxSlots; slots += slots < 64 ? 1 : 37) {
      for (const std::uint32_t real_bytes : {4U, 8U}) {
        const std::optional<BlockShape> shape = ChooseBlockShape(slots, real_bytes, limits);
        if (!shape) continue;
        EXPECT_LE(shape->shared_bytes, limits.shared_per_block);
        EXPECT_LE(shape->blocks * (shape->shared_bytes + 1024), limits.shared_per_multiprocessor);
        EXPECT_LE(shape->blocks * shape->rows, limits.threads_per_multiprocessor);
        EXPECT_EQ(shape->rows % 32, 0);
        EXPECT_GE(shape->tile_nodes * 2, kStageStride * shape->rows);
        EXPECT_EQ(shape->shared_bytes, slots * shape->rows * real_bytes + shape->tile_nodes * 2 * real_bytes);
      }
    }
  }
}

TEST(BlockShape, KeepsManyThreadsOnAMultiprocessor) {
  const BlockShape floats = ChooseBlockShape(30, 4, kH200).value();
  EXPECT_GE(floats.rows * floats.blocks, 1024) << "32 warps for 30 slots of floats";
  EXPECT_EQ(floats.blocks, 2) << "one works while the other loads";
  const BlockShape doubles = ChooseBlockShape(30, 8, kH200).value();
  EXPECT_GE(doubles.rows * doubles.blocks, 512);
  const BlockShape few = ChooseBlockShape(4, 4, kH200).value();
  EXPECT_EQ(few.rows * few.blocks, 2048) << "as many as there can be";
}

TEST(BlockShape, NothingWhereThirtyTwoRowsDoNotFit) {
  EXPECT_TRUE(ChooseBlockShape(1680, 4, kH200).has_value());
  EXPECT_FALSE(ChooseBlockShape(1700, 4, kH200).has_value());
  EXPECT_TRUE(ChooseBlockShape(840, 8, kH200).has_value());
  EXPECT_FALSE(ChooseBlockShape(850, 8, kH200).has_value());
  EXPECT_FALSE(ChooseBlockShape(0, 4, {}).has_value());
}

std::vector<std::uint32_t> RunsOf(std::vector<std::uint32_t> tree_begin, std::uint32_t tile_nodes) {
  return TreeRuns(tree_begin.data(), static_cast<std::uint32_t>(tree_begin.size() - 1), tile_nodes);
}

TEST(TreeRuns, TakeWhatTheTileHolds) {
  EXPECT_THAT(RunsOf({0}, 8), testing::ElementsAre(0));
  EXPECT_THAT(RunsOf({0, 3}, 8), testing::ElementsAre(0, 1));
  EXPECT_THAT(RunsOf({0, 3, 8, 9}, 8), testing::ElementsAre(0, 2, 3));
  EXPECT_THAT(RunsOf({0, 9, 10, 20, 28}, 8), testing::ElementsAre(0, 1, 2, 3, 4)) << "a larger one alone";
}

}  // namespace
}  // namespace hone
