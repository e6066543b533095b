// The C functions of libhone_cuda.so (gpu/forest_plugin.h). No exception leaves them.
#include <cstdio>
#include <mutex>
#include <new>
#include <optional>
#include <variant>

#include "gpu/cuda/batch_lane.cuh"
#include "gpu/forest_plugin.h"

namespace hone {
namespace {

constexpr std::size_t kLanes =
    4;  // batches served at once; each, and calibration's, 10 MiB of pinned and of device memory
constexpr int kOldestCapability = 8;

struct Device {
  int number = 0;
  DeviceLimits limits;
  BatchLane lanes[kLanes];
  std::mutex calibrating;
  BatchLane calibration;
};
// Never destroyed: at exit the CUDA runtime may be gone before it.
Device* opened = nullptr;

using LoadedForest = std::variant<DeviceForest<float>, DeviceForest<double>>;

void Say(char* text, std::size_t capacity, const CudaFailure& failure) {
  std::snprintf(text, capacity, "%s: %s", failure.call, cudaGetErrorString(failure.code));
}

// What stands against a device, as words; empty when nothing does.
const char* ReasonAgainst(const cudaDeviceProp& device) {
  return device.major < kOldestCapability ? "is older than compute capability 8.0" : nullptr;
}

void CheckDriver(int number) {
  int driver = 0, devices = 0;
  cudaDriverGetVersion(&driver);
  if (driver == 0) throw CudaFailure{"no NVIDIA driver (libcuda.so.1)", cudaErrorNoDevice};
  CheckCuda(cudaGetDeviceCount(&devices), "cudaGetDeviceCount");
  if (number >= devices) throw CudaFailure{"cudaGetDeviceCount", cudaErrorInvalidDevice};
}

bool OpenDevice(int number, char* text, std::size_t capacity) {
  CheckDriver(number);
  cudaDeviceProp properties{};
  CheckCuda(cudaGetDeviceProperties(&properties, number), "cudaGetDeviceProperties");
  if (const char* const reason = ReasonAgainst(properties)) {
    std::snprintf(text, capacity, "%s %s", properties.name, reason);
    return false;
  }
  CheckCuda(cudaSetDevice(number), "cudaSetDevice");
  const DeviceLimits limits = LimitsOf(number);
  CheckCuda(PrepareForestKernels(static_cast<int>(limits.shared_per_block)), "preparing the forest kernels");
  auto device = std::make_unique<Device>();
  device->number = number;
  device->limits = limits;
  opened = device.release();
  std::snprintf(text, capacity, "%s, compute capability %d.%d, %d multiprocessors, %zu MiB", properties.name,
                properties.major, properties.minor, properties.multiProcessorCount, properties.totalGlobalMem >> 20);
  return true;
}

bool Open(int number, char* text, std::size_t capacity) {
  try {
    return OpenDevice(number, text, capacity);
  } catch (const CudaFailure& failure) {
    Say(text, capacity, failure);
  } catch (const std::bad_alloc&) {
    std::snprintf(text, capacity, "out of memory");
  }
  return false;
}

template <typename Real>
void* Load(const FlatForestView<Real>* forest, char* why, std::size_t capacity) {
  const std::optional<BlockShape> shape = ChooseBlockShape(forest->slot_count, sizeof(Real), opened->limits);
  if (!shape) {
    std::snprintf(why, capacity, "the values of 32 rows of %u slots do not fit its shared memory", forest->slot_count);
    return nullptr;
  }
  try {
    CheckCuda(cudaSetDevice(opened->number), "cudaSetDevice");
    return std::make_unique<LoadedForest>(std::in_place_type<DeviceForest<Real>>, *forest, *shape).release();
  } catch (const CudaFailure& failure) {
    Say(why, capacity, failure);
  } catch (const std::bad_alloc&) {
    std::snprintf(why, capacity, "out of memory");
  }
  return nullptr;
}

void Unload(void* forest) {
  cudaSetDevice(opened->number);
  delete static_cast<LoadedForest*>(forest);
}

BatchLane* ClaimLane() {
  for (BatchLane& lane : opened->lanes) {
    if (lane.Claim()) return &lane;
  }
  return nullptr;
}

PluginAnswer MarginsBy(BatchLane& lane, const LoadedForest& forest, const double* rows, std::size_t count,
                       double* margins, char* why, std::size_t capacity) {
  try {
    CheckCuda(cudaSetDevice(opened->number), "cudaSetDevice");
    std::visit([&](const auto& loaded) { lane.Answer(loaded, rows, count, margins); }, forest);
    return PluginAnswer::kDone;
  } catch (const CudaFailure& failure) {
    Say(why, capacity, failure);
    return PluginAnswer::kFailed;
  }
}

PluginAnswer Margins(void* forest, BatchUse use, const double* rows, std::size_t count, double* margins, char* why,
                     std::size_t capacity) {
  const LoadedForest& loaded = *static_cast<const LoadedForest*>(forest);
  if (use == BatchUse::kCalibration) {
    const std::lock_guard lock(opened->calibrating);
    return MarginsBy(opened->calibration, loaded, rows, count, margins, why, capacity);
  }
  BatchLane* const lane = ClaimLane();
  if (lane == nullptr) return PluginAnswer::kBusy;
  const PluginAnswer answer = MarginsBy(*lane, loaded, rows, count, margins, why, capacity);
  lane->Release();
  return answer;
}

constexpr ForestPlugin kPlugin = {&Open, &Load<float>, &Load<double>, &Unload, &Margins};

}  // namespace
}  // namespace hone

extern "C" const hone::ForestPlugin* HoneForestPlugin(std::uint32_t layout) {
  return layout == hone::kFlatForestLayout ? &hone::kPlugin : nullptr;
}
