// One batch at a time from the caller's memory through the device and back, in pieces that overlap: while one is
// computed the next is copied.
#pragma once

#include <cuda_runtime.h>

#include <atomic>
#include <cstddef>
#include <memory>

#include "gpu/cuda/device_forest.cuh"

namespace hone {

struct PinnedFree {
  void operator()(void* memory) const { cudaFreeHost(memory); }
};
using PinnedArray = std::unique_ptr<double[], PinnedFree>;

// Buffers of one piece of a batch, and the stream that takes it there and back.
class BatchPiece {
 public:
  BatchPiece();
  ~BatchPiece();
  BatchPiece(const BatchPiece&) = delete;
  BatchPiece& operator=(const BatchPiece&) = delete;

  // Rows of the forest that a piece holds, at least 1.
  static std::size_t RowsOf(std::size_t width, std::size_t outputs);

  // Begins rows that are copied from the caller's memory; `margins` is where End puts the answers.
  template <typename Real>
  void Begin(const DeviceForest<Real>& forest, const double* rows, std::size_t count, double* margins);
  // Waits for what was begun, if anything.
  void End();
  // Waits without taking the answers, after a failure.
  void Drop() noexcept;

 private:
  cudaStream_t stream_ = nullptr;
  PinnedArray host_rows_, host_margins_;
  DeviceArray<double> device_rows_, device_margins_;
  double* margins_ = nullptr;  // of the caller
  std::size_t pending_ = 0;    // margins
};

// Thread-safe only between Claim and Release.
class BatchLane {
 public:
  // False while another thread has it. Never waits.
  bool Claim() { return !taken_.test_and_set(std::memory_order_acquire); }
  void Release() { taken_.clear(std::memory_order_release); }

  // Throws CudaFailure; nothing is under way then.
  template <typename Real>
  void Answer(const DeviceForest<Real>& forest, const double* rows, std::size_t count, double* margins);

 private:
  template <typename Real>
  void AnswerPieces(const DeviceForest<Real>& forest, const double* rows, std::size_t count, double* margins);

  std::atomic_flag taken_;
  BatchPiece pieces_[2];
};

}  // namespace hone
