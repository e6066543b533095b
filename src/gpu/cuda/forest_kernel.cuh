// The forest kernel and its launch on a stream.
#pragma once

#include <cuda_runtime.h>

#include "gpu/forest_block.h"

namespace hone {

// Lets the kernels take all the shared memory that a block can have; cudaSuccess or what stopped it, such as a device
// that none of the compiled kernels runs on. Once for a device, before any launch.
cudaError_t PrepareForestKernels(int shared_per_block);

// One block for each launch.block_rows rows, with `shared_bytes` (BlockShape) of shared memory. Nothing for no rows.
template <typename Real>
cudaError_t LaunchForest(const ForestLaunch<Real>& launch, std::uint32_t shared_bytes, cudaStream_t stream);

}  // namespace hone
