// A forest as a GPU takes it (gpu/flat_forest.h), answered by the GPU kernel's own blocks on the processor, against
// expected margins.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gpu/block_shape.h"
#include "gpu/testing/host_block.h"
#include "models/forest/flat_forest_builder.h"

namespace hone {

// Few rows and small tiles too, so that runs of trees begin anywhere and trees are larger than the tile.
inline std::vector<BlockShape> ShapesToTry(std::uint32_t slots, std::uint32_t real_bytes) {
  std::vector<BlockShape> shapes;
  const DeviceLimits h200{232448, 233472, 2048};
  if (const std::optional<BlockShape> chosen = ChooseBlockShape(slots, real_bytes, h200)) shapes.push_back(*chosen);
  for (const std::uint32_t nodes : {kStageStride * 32, kStageStride * 16}) {
    shapes.push_back({32, nodes, slots * 32 * real_bytes + nodes * 2 * real_bytes, 1});
  }
  return shapes;
}

template <typename Real>
void ExpectBitsOfBlocks(const FlatForest<Real>& flat, std::span<const double> rows, std::span<const double> expected) {
  const std::size_t outputs = flat.outputs.size(), count = expected.size() / outputs;
  std::vector<double> margins(expected.size());
  for (const BlockShape& shape : ShapesToTry(static_cast<std::uint32_t>(flat.slots.size()), sizeof(Real))) {
    for (const ThreadOrder order : {ThreadOrder::kAscending, ThreadOrder::kDescending}) {
      std::ranges::fill(margins, -1.0);
      MarginsByHostBlocks(flat.view(), shape, order, rows.data(), count, margins.data());
      for (std::size_t i = 0; i < margins.size(); ++i) {
        ASSERT_EQ(std::bit_cast<std::uint64_t>(margins[i]), std::bit_cast<std::uint64_t>(expected[i]))
            << "blocks of " << shape.rows << " rows, row " << i / outputs << " output " << i % outputs;
      }
    }
  }
}

template <typename Real>
void ExpectFlatBitsIn(const Forest& forest, std::span<const double> rows, std::span<const double> expected) {
  const Result<FlatForest<Real>> flat = FlattenForest<Real>(forest);
  ASSERT_TRUE(flat.ok()) << flat.error().ToString();
  ExpectBitsOfBlocks(*flat, rows, expected);
}

inline void ExpectFlatBits(const Forest& forest, std::span<const double> rows, std::span<const double> expected) {
  if (SumsFloats(forest.dialect)) return ExpectFlatBitsIn<float>(forest, rows, expected);
  ExpectFlatBitsIn<double>(forest, rows, expected);
}

}  // namespace hone
