#include "gpu/cuda/forest_kernel.cuh"

namespace hone {
namespace {

// A device's threads, each with its own sum in registers.
template <typename Real>
class DeviceThreads {
 public:
  template <typename Step>
  __device__ void Each(Step step) {
    step(threadIdx.x, sum_);
    __syncthreads();
  }

 private:
  RowSum<Real> sum_;
};

constexpr int kMostRows = 1024;

template <typename Real>
__device__ void AnswerBlock(const ForestLaunch<Real>& launch) {
  extern __shared__ uint4 shared[];  // aligned to 16
  const ForestBlock<Real> block(launch, blockIdx.x, shared);
  DeviceThreads<Real> threads;
  RunForestBlock(launch, block, threads);
}

}  // namespace

extern "C" __global__ void __launch_bounds__(kMostRows, 2)
    HoneForestFloat(const __grid_constant__ ForestLaunch<float> launch) {
  AnswerBlock(launch);
}

extern "C" __global__ void __launch_bounds__(kMostRows, 2)
    HoneForestDouble(const __grid_constant__ ForestLaunch<double> launch) {
  AnswerBlock(launch);
}

namespace {

template <typename Real>
constexpr auto KernelOf() {
  if constexpr (sizeof(Real) == sizeof(float)) {
    return &HoneForestFloat;
  } else {
    return &HoneForestDouble;
  }
}

// A multiprocessor's memory as shared memory rather than cache, and all of it that a block can have.
template <typename Real>
cudaError_t PrepareKernel(int shared_per_block) {
  const cudaError_t carveout = cudaFuncSetAttribute(KernelOf<Real>(), cudaFuncAttributePreferredSharedMemoryCarveout,
                                                    cudaSharedmemCarveoutMaxShared);
  if (carveout != cudaSuccess) return carveout;
  return cudaFuncSetAttribute(KernelOf<Real>(), cudaFuncAttributeMaxDynamicSharedMemorySize, shared_per_block);
}

}  // namespace

cudaError_t PrepareForestKernels(int shared_per_block) {
  const cudaError_t floats = PrepareKernel<float>(shared_per_block);
  return floats == cudaSuccess ? PrepareKernel<double>(shared_per_block) : floats;
}

template <typename Real>
cudaError_t LaunchForest(const ForestLaunch<Real>& launch, std::uint32_t shared_bytes, cudaStream_t stream) {
  if (launch.count == 0) return cudaSuccess;
  const auto blocks = static_cast<unsigned>((launch.count + launch.block_rows - 1) / launch.block_rows);
  KernelOf<Real>()<<<blocks, launch.block_rows, shared_bytes, stream>>>(launch);
  return cudaGetLastError();
}

template cudaError_t LaunchForest(const ForestLaunch<float>&, std::uint32_t, cudaStream_t);
template cudaError_t LaunchForest(const ForestLaunch<double>&, std::uint32_t, cudaStream_t);

}  // namespace hone
