#include <algorithm>
#include <cstring>

#include "gpu/cuda/batch_lane.cuh"

namespace hone {
namespace {

constexpr std::size_t kPieceRowNumbers = std::size_t{1} << 19;  // 4 MiB
constexpr std::size_t kPieceMargins = std::size_t{1} << 17;     // 1 MiB

PinnedArray NewPinned(std::size_t count) {
  void* memory = nullptr;
  CheckCuda(cudaMallocHost(&memory, count * sizeof(double)), "cudaMallocHost");
  return PinnedArray(static_cast<double*>(memory));
}

}  // namespace

BatchPiece::BatchPiece()
    : host_rows_(NewPinned(kPieceRowNumbers)),
      host_margins_(NewPinned(kPieceMargins)),
      device_rows_(NewDeviceArray<double>(kPieceRowNumbers)),
      device_margins_(NewDeviceArray<double>(kPieceMargins)) {
  CheckCuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreate");
}

BatchPiece::~BatchPiece() { cudaStreamDestroy(stream_); }

std::size_t BatchPiece::RowsOf(std::size_t width, std::size_t outputs) {
  return std::max<std::size_t>(1,
                               std::min(kPieceRowNumbers / std::max<std::size_t>(width, 1), kPieceMargins / outputs));
}

template <typename Real>
void BatchPiece::Begin(const DeviceForest<Real>& forest, const double* rows, std::size_t count, double* margins) {
  const std::size_t numbers = count * forest.width();
  std::memcpy(host_rows_.get(), rows, numbers * sizeof(double));
  margins_ = margins;
  pending_ = count * forest.outputs();
  CheckCuda(
      cudaMemcpyAsync(device_rows_.get(), host_rows_.get(), numbers * sizeof(double), cudaMemcpyHostToDevice, stream_),
      "copying rows");
  CheckCuda(forest.Launch(device_rows_.get(), count, device_margins_.get(), stream_), "launching the forest kernel");
  CheckCuda(cudaMemcpyAsync(host_margins_.get(), device_margins_.get(), pending_ * sizeof(double),
                            cudaMemcpyDeviceToHost, stream_),
            "copying margins");
}

void BatchPiece::End() {
  if (pending_ == 0) return;
  CheckCuda(cudaStreamSynchronize(stream_), "the forest kernel");
  std::memcpy(margins_, host_margins_.get(), pending_ * sizeof(double));
  pending_ = 0;
}

void BatchPiece::Drop() noexcept {
  cudaStreamSynchronize(stream_);
  pending_ = 0;
}

template <typename Real>
void BatchLane::Answer(const DeviceForest<Real>& forest, const double* rows, std::size_t count, double* margins) {
  try {
    AnswerPieces(forest, rows, count, margins);
  } catch (const CudaFailure&) {
    for (BatchPiece& piece : pieces_) piece.Drop();
    throw;
  }
}

template <typename Real>
void BatchLane::AnswerPieces(const DeviceForest<Real>& forest, const double* rows, std::size_t count, double* margins) {
  const std::size_t width = forest.width(), outputs = forest.outputs();
  const std::size_t piece_rows = BatchPiece::RowsOf(width, outputs);
  std::size_t turn = 0;
  for (std::size_t begin = 0; begin < count; begin += piece_rows, ++turn) {
    BatchPiece& piece = pieces_[turn % 2];
    piece.End();
    piece.Begin(forest, rows + begin * width, std::min(piece_rows, count - begin), margins + begin * outputs);
  }
  pieces_[turn % 2].End();  // the older one
  pieces_[(turn + 1) % 2].End();
}

template void BatchLane::Answer(const DeviceForest<float>&, const double*, std::size_t, double*);
template void BatchLane::Answer(const DeviceForest<double>&, const double*, std::size_t, double*);

}  // namespace hone
