// A forest in a device's memory, with the shape of its blocks.
#pragma once

#include <cuda_runtime.h>

#include <memory>
#include <vector>

#include "gpu/block_shape.h"
#include "gpu/cuda/forest_kernel.cuh"

namespace hone {

// A CUDA call that failed, as words: "cudaMalloc: out of memory".
struct CudaFailure {
  const char* call;
  cudaError_t code;
};

// Throws CudaFailure; what calls these from outside catches it (forest_plugin.cu).
inline void CheckCuda(cudaError_t code, const char* call) {
  if (code != cudaSuccess) throw CudaFailure{call, code};
}

struct DeviceFree {
  void operator()(void* memory) const { cudaFree(memory); }
};
template <typename T>
using DeviceArray = std::unique_ptr<T[], DeviceFree>;

template <typename T>
DeviceArray<T> NewDeviceArray(std::size_t count) {
  void* memory = nullptr;
  CheckCuda(cudaMalloc(&memory, count * sizeof(T)), "cudaMalloc");
  return DeviceArray<T>(static_cast<T*>(memory));
}

template <typename T>
DeviceArray<T> CopyToDevice(const T* values, std::size_t count) {
  DeviceArray<T> array = NewDeviceArray<T>(count + 1);  // never of no bytes
  CheckCuda(cudaMemcpy(array.get(), values, count * sizeof(T), cudaMemcpyHostToDevice), "cudaMemcpy");
  return array;
}

DeviceLimits LimitsOf(int device);

template <typename Real>
class DeviceForest {
 public:
  // `shape`: ChooseBlockShape for the device.
  DeviceForest(const FlatForestView<Real>& forest, const BlockShape& shape);

  // Rows and margins are the device's.
  cudaError_t Launch(const double* rows, std::size_t count, double* margins, cudaStream_t stream) const;

  std::uint32_t width() const { return launch_.forest.width; }
  std::uint32_t outputs() const { return launch_.forest.output_count; }
  const BlockShape& shape() const { return shape_; }

 private:
  BlockShape shape_;
  DeviceArray<FlatSlot> slots_;
  DeviceArray<FlatNode<Real>> nodes_;
  DeviceArray<FlatOutput<Real>> outputs_;
  DeviceArray<std::uint32_t> group_begin_, tree_begin_, runs_;
  ForestLaunch<Real> launch_;
};

}  // namespace hone
