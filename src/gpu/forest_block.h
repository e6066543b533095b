// The forest kernel's work for one block of rows, written once for GPU and processor.
//
// A thread answers one row. The block's rows are read as they lie (row-major doubles, neighbouring threads read
// neighbouring columns), kStageColumns columns at a time, and turned in shared memory into slot values of which those
// of one slot lie side by side: so the values that the threads of a warp compare, each of another slot, come from
// different banks. Then run after run of trees (block_shape.h) is copied to shared memory, in place of the stage, and
// every thread walks its row through each tree and adds its leaf, in the order and precision of the library that made
// the model. A tree larger than the tile is walked where it lies.
//
// `Threads` runs the steps: Each(f) calls f(thread, sum) for every thread of the block and returns when all are done
// (a barrier). A step writes nothing that another thread reads in the same step. On a device a thread calls f for
// itself; testing/host_block.h calls it for one thread after the other, which is how it is tested without a device.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gpu/block_shape.h"
#include "gpu/flat_forest.h"
#include "gpu/host_device.h"

namespace hone {

// What a launch is given. All pointers are the device's.
template <typename Real>
struct ForestLaunch {
  FlatForestView<Real> forest;
  const std::uint32_t* runs = nullptr;  // TreeRuns
  std::uint32_t run_count = 0;
  std::uint32_t block_rows = 0;  // a multiple of 32
  std::uint32_t tile_nodes = 0;
  const double* rows = nullptr;  // count x width
  double* margins = nullptr;     // count x outputs
  std::uint64_t count = 0;
};

// A thread's sum of leaves, output after output.
template <typename Real>
struct RowSum {
  Real sum = 0;
  std::uint32_t output = 0;
  std::uint32_t trees_end = 0;  // of that output
};

template <typename Real>
class ForestBlock {
 public:
  // `shared`: BlockShape::shared_bytes, aligned to 16.
  HONE_HOST_DEVICE ForestBlock(const ForestLaunch<Real>& launch, std::uint64_t block, void* shared)
      : launch_(launch),
        first_row_(block * launch.block_rows),
        values_(static_cast<Real*>(shared)),
        tile_(reinterpret_cast<FlatNode<Real>*>(values_ + launch.forest.slot_count * launch.block_rows)),
        stage_(reinterpret_cast<Real*>(tile_)) {}

  HONE_HOST_DEVICE void Begin(RowSum<Real>& sum) const { BeginOutput(0, sum); }

  // The columns of a group, a half-warp a row.
  HONE_HOST_DEVICE void Stage(std::uint32_t thread, std::uint32_t group) const {
    const std::uint32_t column = group * kStageColumns + thread % kStageColumns;
    if (column >= launch_.forest.width) return;
    const std::uint32_t step = launch_.block_rows / kStageColumns;
    for (std::uint32_t row = thread / kStageColumns; row < launch_.block_rows; row += step) {
      if (first_row_ + row >= launch_.count) return;
      stage_[row * kStageStride + thread % kStageColumns] =
          static_cast<Real>(launch_.rows[(first_row_ + row) * launch_.forest.width + column]);
    }
  }

  // The slots of the group's columns.
  HONE_HOST_DEVICE void FillSlots(std::uint32_t thread, std::uint32_t group) const {
    if (!HasRow(thread)) return;
    const std::uint32_t end = launch_.forest.group_begin[group + 1];
    for (std::uint32_t i = launch_.forest.group_begin[group]; i < end; ++i) {
      const FlatSlot slot = launch_.forest.slots[i];
      const Real value = stage_[thread * kStageStride + slot.column % kStageColumns];
      values_[i * launch_.block_rows + thread] = static_cast<Real>(SlotValueOf(slot.kind, value));
    }
  }

  HONE_HOST_DEVICE void LoadTrees(std::uint32_t thread, std::uint32_t run) const {
    const std::uint32_t begin = launch_.forest.tree_begin[launch_.runs[run]];
    const std::uint32_t count = launch_.forest.tree_begin[launch_.runs[run + 1]] - begin;
    if (count > launch_.tile_nodes) return;
    for (std::uint32_t i = thread; i < count; i += launch_.block_rows) tile_[i] = launch_.forest.nodes[begin + i];
  }

  HONE_HOST_DEVICE void AddTrees(std::uint32_t thread, std::uint32_t run, RowSum<Real>& sum) const {
    if (!HasRow(thread)) return;
    const std::uint32_t begin = launch_.forest.tree_begin[launch_.runs[run]];
    const std::uint32_t count = launch_.forest.tree_begin[launch_.runs[run + 1]] - begin;
    if (count <= launch_.tile_nodes) {
      AddRun(tile_, thread, run, sum);
    } else {
      AddRun(launch_.forest.nodes + begin, thread, run, sum);
    }
  }

  HONE_HOST_DEVICE void End(std::uint32_t thread, RowSum<Real>& sum) const {
    if (!HasRow(thread)) return;
    while (sum.output < launch_.forest.output_count) EndOutput(thread, sum);
  }

 private:
  HONE_HOST_DEVICE bool HasRow(std::uint32_t thread) const { return first_row_ + thread < launch_.count; }

  // Inlined twice, so that a device's compiler knows which memory the nodes are in.
  HONE_HOST_DEVICE inline void AddRun(const FlatNode<Real>* nodes, std::uint32_t thread, std::uint32_t run,
                                      RowSum<Real>& sum) const {
    const std::uint32_t* const tree_begin = launch_.forest.tree_begin;
    const std::uint32_t first = launch_.runs[run], end = launch_.runs[run + 1], begin = tree_begin[first];
    for (std::uint32_t tree = first; tree < end; ++tree) {
      while (tree == sum.trees_end) EndOutput(thread, sum);
      sum.sum += LeafOf(nodes + (tree_begin[tree] - begin), values_ + thread, launch_.block_rows);
    }
  }

  HONE_HOST_DEVICE void BeginOutput(std::uint32_t output, RowSum<Real>& sum) const {
    const FlatOutput<Real> begun = launch_.forest.outputs[output];
    sum = {begun.first, output, begun.trees_end};
  }

  HONE_HOST_DEVICE void EndOutput(std::uint32_t thread, RowSum<Real>& sum) const {
    const std::uint32_t outputs = launch_.forest.output_count;
    const Real margin = sum.sum + launch_.forest.outputs[sum.output].last;
    launch_.margins[(first_row_ + thread) * outputs + sum.output] = static_cast<double>(margin);
    if (++sum.output < outputs) BeginOutput(sum.output, sum);
  }

  const ForestLaunch<Real>& launch_;
  std::uint64_t first_row_;
  Real* values_;          // slots x rows
  FlatNode<Real>* tile_;  // tile_nodes, once the values are made
  Real* stage_;           // rows x kStageStride, until then
};

#ifdef __CUDACC__
#pragma nv_exec_check_disable
#endif
template <typename Real, typename Threads>
HONE_HOST_DEVICE void RunForestBlock(const ForestLaunch<Real>& launch, const ForestBlock<Real>& block,
                                     Threads& threads) {
  const FlatForestView<Real>& forest = launch.forest;
  threads.Each([&](std::uint32_t, RowSum<Real>& sum) { block.Begin(sum); });
  for (std::uint32_t group = 0; group < forest.groups(); ++group) {
    if (forest.group_begin[group] == forest.group_begin[group + 1]) continue;
    threads.Each([&](std::uint32_t thread, RowSum<Real>&) { block.Stage(thread, group); });
    threads.Each([&](std::uint32_t thread, RowSum<Real>&) { block.FillSlots(thread, group); });
  }
  for (std::uint32_t run = 0; run < launch.run_count; ++run) {
    threads.Each([&](std::uint32_t thread, RowSum<Real>&) { block.LoadTrees(thread, run); });
    threads.Each([&](std::uint32_t thread, RowSum<Real>& sum) { block.AddTrees(thread, run, sum); });
  }
  threads.Each([&](std::uint32_t thread, RowSum<Real>& sum) { block.End(thread, sum); });
}

}  // namespace hone
