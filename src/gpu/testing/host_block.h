// The forest kernel's blocks (gpu/forest_block.h) run on the processor, thread after thread: what a device computes,
// without a device.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gpu/block_shape.h"
#include "gpu/forest_block.h"

namespace hone {

// The order of the threads must not matter: a device keeps none.
enum class ThreadOrder { kAscending, kDescending };

template <typename Real>
class HostThreads {
 public:
  HostThreads(std::uint32_t count, ThreadOrder order) : sums_(count), order_(order) {}

  template <typename Step>
  void Each(Step step) {
    const auto count = static_cast<std::uint32_t>(sums_.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t thread = order_ == ThreadOrder::kAscending ? i : count - 1 - i;
      step(thread, sums_[thread]);
    }
  }

 private:
  std::vector<RowSum<Real>> sums_;
  ThreadOrder order_;
};

template <typename Real>
void MarginsByHostBlocks(const FlatForestView<Real>& forest, const BlockShape& shape, ThreadOrder order,
                         const double* rows, std::size_t count, double* margins) {
  const std::vector<std::uint32_t> runs = TreeRuns(forest.tree_begin, forest.trees, shape.tile_nodes);
  const ForestLaunch<Real> launch = {
      forest,  runs.data(), static_cast<std::uint32_t>(runs.size() - 1), shape.rows, shape.tile_nodes, rows,
      margins, count};
  for (std::size_t block = 0; block * shape.rows < count; ++block) {
    const auto shared =
        std::make_unique_for_overwrite<std::byte[]>(shape.shared_bytes);  // exact: sanitizers see its end
    HostThreads<Real> threads(shape.rows, order);
    RunForestBlock(launch, ForestBlock<Real>(launch, block, shared.get()), threads);
  }
}

}  // namespace hone
