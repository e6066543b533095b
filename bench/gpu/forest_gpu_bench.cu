// Forests on a GPU against all cores of the processor, on the same forests and rows, in one run.
//
//   device     rows and margins in the device's memory: the kernel alone, by events on its stream
//   host       from and to the caller's memory, as hone serves: one caller, and four at once
//   cores      hone's best kernel of the processor, every core a share of the rows
//
// Before a rate is printed, every margin of the device and of the host path is compared with the processor's, to the
// bit; a difference ends the run with 1. Rates are medians over turns. The ceilings of a device-resident batch: the
// rate at which its multiprocessors issue instructions (counted in the machine code: kStepInstructions for each level
// of a tree, kTreeInstructions for each tree) and the bandwidth of its memory; of a host-resident one, copying its rows
// alone from pinned memory, measured in this run. Without a device it says why and measures nothing.
#include <cuda_runtime.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "base/random.h"
#include "gpu/cuda/batch_lane.cuh"
#include "gpu/cuda/device_forest.cuh"
#include "models/forest/compiled_forest.h"
#include "models/forest/flat_forest_builder.h"

namespace hone {
namespace {

constexpr std::size_t kRows = std::size_t{1} << 20;
constexpr std::size_t kWidth = 30;
constexpr int kTurns = 9;
constexpr std::size_t kCallers = 4;
// Of HoneForestFloat for sm_90 as nvcc 13.5 compiles it (cuobjdump, nvdisasm): the walk's loop, and what is around it.
constexpr double kStepInstructions = 12, kTreeInstructions = 25;

struct Shape {
  std::size_t trees;
  int depth;
};

Tree CompleteTree(int depth, Random& random) {
  Tree tree;
  const int splits = (1 << depth) - 1;
  for (int i = 0; i < splits; ++i) {
    const int left = 2 * i + 1;
    Split split;
    split.threshold = static_cast<float>(random.Normal());
    split.feature = static_cast<std::uint32_t>(random.Below(kWidth));
    split.left = left < splits ? left : ~(left - splits);
    split.right = left < splits ? left + 1 : ~(left + 1 - splits);
    split.missing = Missing::kNan;
    tree.splits.push_back(split);
  }
  for (int i = 0; i <= splits; ++i) tree.leaves.push_back(static_cast<float>(random.Normal()));
  return tree;
}

Forest MakeForest(const Shape& shape, Dialect dialect) {
  Forest forest;
  Random random(shape.trees);
  forest.width = kWidth;
  forest.dialect = dialect;
  for (std::size_t i = 0; i < shape.trees; ++i) forest.trees.push_back(CompleteTree(shape.depth, random));
  return forest;
}

std::vector<double> MakeRows() {
  Random random(2);
  std::vector<double> rows(kRows * kWidth);
  for (double& value : rows) value = random.Normal();
  return rows;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <typename Work>
double MedianSeconds(const Work& work) {
  std::vector<double> seconds;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return Median(seconds);
}

// work(begin, end) of every thread's share of the rows.
template <typename Work>
void InShares(std::size_t threads, const Work& work) {
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < threads; ++i) {
    running.emplace_back([&work, i, threads] { work(kRows * i / threads, kRows * (i + 1) / threads); });
  }
  for (std::thread& thread : running) thread.join();
}

bool SameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

struct Machine {
  cudaDeviceProp device;
  DeviceLimits limits;
  double issue_rate = 0;    // instructions a second of all threads
  double memory_bytes = 0;  // a second
  double copy_bytes = 0;    // a second, pinned memory to device
};

double CopyRate() {
  constexpr std::size_t kBytes = std::size_t{256} << 20;
  void* pinned = nullptr;
  CheckCuda(cudaMallocHost(&pinned, kBytes), "cudaMallocHost");
  const DeviceArray<char> device = NewDeviceArray<char>(kBytes);
  const double seconds =
      MedianSeconds([&] { CheckCuda(cudaMemcpy(device.get(), pinned, kBytes, cudaMemcpyHostToDevice), "cudaMemcpy"); });
  cudaFreeHost(pinned);
  return static_cast<double>(kBytes) / seconds;
}

Machine Look() {
  Machine machine{};
  CheckCuda(cudaGetDeviceProperties(&machine.device, 0), "cudaGetDeviceProperties");
  int clock = 0, memory_clock = 0, bus_bits = 0;  // kHz
  CheckCuda(cudaDeviceGetAttribute(&clock, cudaDevAttrClockRate, 0), "cudaDeviceGetAttribute");
  CheckCuda(cudaDeviceGetAttribute(&memory_clock, cudaDevAttrMemoryClockRate, 0), "cudaDeviceGetAttribute");
  CheckCuda(cudaDeviceGetAttribute(&bus_bits, cudaDevAttrGlobalMemoryBusWidth, 0), "cudaDeviceGetAttribute");
  machine.limits = LimitsOf(0);
  CheckCuda(PrepareForestKernels(static_cast<int>(machine.limits.shared_per_block)), "the forest kernels");
  machine.issue_rate = 4.0 * 32 * machine.device.multiProcessorCount * clock * 1e3;
  machine.memory_bytes = 2.0 * memory_clock * 1e3 * bus_bits / 8;
  machine.copy_bytes = CopyRate();
  std::printf("%s, %d multiprocessors at %d MHz; pinned memory to device %.1f GB/s; %u cores, %s\n",
              machine.device.name, machine.device.multiProcessorCount, clock / 1000, machine.copy_bytes * 1e-9,
              std::thread::hardware_concurrency(), std::string(NameOf(BestForestKernel())).c_str());
  return machine;
}

struct Rates {
  double device = 0, host_one = 0, host_many = 0, cores = 0;  // rows a second
  bool equal = false;
};

// The kernel alone; `margins` get its answers.
template <typename Real>
double DeviceSeconds(const DeviceForest<Real>& forest, const std::vector<double>& rows, std::vector<double>& margins) {
  const DeviceArray<double> device_rows = CopyToDevice(rows.data(), rows.size());
  const DeviceArray<double> device_margins = NewDeviceArray<double>(kRows);
  cudaEvent_t begin = nullptr, end = nullptr;
  CheckCuda(cudaEventCreate(&begin), "cudaEventCreate");
  CheckCuda(cudaEventCreate(&end), "cudaEventCreate");
  std::vector<double> seconds;
  for (int turn = 0; turn <= kTurns; ++turn) {
    CheckCuda(cudaEventRecord(begin), "cudaEventRecord");
    CheckCuda(forest.Launch(device_rows.get(), kRows, device_margins.get(), nullptr), "launching the forest kernel");
    CheckCuda(cudaEventRecord(end), "cudaEventRecord");
    CheckCuda(cudaEventSynchronize(end), "the forest kernel");
    float milliseconds = 0;
    CheckCuda(cudaEventElapsedTime(&milliseconds, begin, end), "cudaEventElapsedTime");
    if (turn > 0) seconds.push_back(milliseconds * 1e-3);  // the first warms up
  }
  CheckCuda(cudaMemcpy(margins.data(), device_margins.get(), kRows * sizeof(double), cudaMemcpyDeviceToHost),
            "cudaMemcpy");
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return Median(seconds);
}

template <typename Real>
Rates Measure(const Forest& forest, const DeviceForest<Real>& on_device, const std::vector<double>& rows) {
  const CompiledForest<Real> compiled(forest, std::nullopt);
  std::vector<double> expected(kRows), device(kRows), host(kRows), host_many(kRows);
  Rates rates;
  rates.cores = kRows / MedianSeconds([&] {
                  InShares(std::thread::hardware_concurrency(), [&](std::size_t begin, std::size_t end) {
                    compiled.Margins(&rows[begin * kWidth], kWidth, end - begin, &expected[begin]);
                  });
                });
  rates.device = kRows / DeviceSeconds(on_device, rows, device);
  const auto lanes = std::make_unique<BatchLane[]>(kCallers);
  rates.host_one = kRows / MedianSeconds([&] { lanes[0].Answer(on_device, rows.data(), kRows, host.data()); });
  rates.host_many = kRows / MedianSeconds([&] {
                      std::atomic<std::size_t> lane = 0;
                      InShares(kCallers, [&](std::size_t begin, std::size_t end) {
                        lanes[lane++].Answer(on_device, &rows[begin * kWidth], end - begin, &host_many[begin]);
                      });
                    });
  rates.equal = SameBits(device, expected) && SameBits(host, expected) && SameBits(host_many, expected);
  return rates;
}

void Print(const char* dialect, const Shape& shape, const BlockShape& block, const Rates& rates,
           const Machine& machine) {
  const double instructions = static_cast<double>(shape.trees) * (kStepInstructions * shape.depth + kTreeInstructions);
  const double issue = rates.device * instructions / machine.issue_rate;
  const double bytes = (kWidth + 1) * sizeof(double);
  std::printf(
      "%-8s %4zu trees depth %2d | %u x %u rows, %u nodes | device %8.2f M rows/s %6.1fx, issue %4.1f %%, memory "
      "%4.1f %% | host %7.2f, four callers %7.2f M rows/s %6.1fx, copy %4.1f %% | cores %7.2f M rows/s\n",
      dialect, shape.trees, shape.depth, block.blocks, block.rows, block.tile_nodes, rates.device * 1e-6,
      rates.device / rates.cores, 100 * issue, 100 * rates.device * bytes / machine.memory_bytes, rates.host_one * 1e-6,
      rates.host_many * 1e-6, rates.host_many / rates.cores,
      100 * rates.host_many * kWidth * sizeof(double) / machine.copy_bytes, rates.cores * 1e-6);
}

template <typename Real>
bool Compare(const char* name, Dialect dialect, const Shape& shape, const std::vector<double>& rows,
             const Machine& machine) {
  const Forest forest = MakeForest(shape, dialect);
  const FlatForest<Real> flat = FlattenForest<Real>(forest).value();
  const BlockShape block =
      ChooseBlockShape(static_cast<std::uint32_t>(flat.slots.size()), sizeof(Real), machine.limits).value();
  const DeviceForest<Real> on_device(flat.view(), block);
  const Rates rates = Measure(forest, on_device, rows);
  if (!rates.equal) {
    std::fprintf(stderr, "forest_gpu_bench: %s, %zu trees of depth %d: margins differ\n", name, shape.trees,
                 shape.depth);
    return false;
  }
  Print(name, shape, block, rates, machine);
  return true;
}

int Run() {
  const Machine machine = Look();
  const std::vector<double> rows = MakeRows();
  std::printf("%zu rows of %zu features; every margin has the processor's bits where a line is printed\n", kRows,
              kWidth);
  bool equal = true;
  for (const Shape& shape : {Shape{100, 6}, {500, 6}, {1000, 6}, {100, 8}, {500, 8}, {100, 10}, {100, 14}}) {
    equal = Compare<float>("XGBoost", Dialect::kXgboost, shape, rows, machine) && equal;
    equal = Compare<double>("LightGBM", Dialect::kLightGbm, shape, rows, machine) && equal;
  }
  return equal ? 0 : 1;
}

}  // namespace
}  // namespace hone

int main() {
  int devices = 0;
  if (const cudaError_t found = cudaGetDeviceCount(&devices); found != cudaSuccess || devices == 0) {
    std::printf("forest_gpu_bench: nothing measured, no GPU here: %s\n", cudaGetErrorString(found));
    return 0;
  }
  try {
    return hone::Run();
  } catch (const hone::CudaFailure& failure) {
    std::fprintf(stderr, "forest_gpu_bench: %s: %s\n", failure.call, cudaGetErrorString(failure.code));
    return 1;
  }
}
