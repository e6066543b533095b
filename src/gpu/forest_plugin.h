// What libhone_cuda.so offers: the forest kernel and its launching, behind C functions, so that hone needs no CUDA to
// be built or started and opens the library where there is one (gpu_device.h).
//
// Functions that fail write why, NUL-terminated and cut to fit, into `why` of `capacity` bytes. They may be called from
// any thread at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gpu/flat_forest.h"

namespace hone {

inline constexpr const char* kForestPluginSymbol = "HoneForestPlugin";

enum class PluginAnswer : int {
  kDone = 0,
  kBusy = 1,    // every lane answers another batch: the caller answers this one itself
  kFailed = 2,  // the device or its driver did; `why` says what
};

enum class BatchUse : int {
  kServing = 0,
  kCalibration = 1,  // has a lane of its own and waits for it
};

struct ForestPlugin {
  // Claims device `device`, makes buffers for the batches that are answered at once, and describes it in `text`. Once.
  bool (*open)(int device, char* text, std::size_t capacity);
  // Copies the forest to the device; null when it cannot, with the reason in `why`.
  void* (*load_float)(const FlatForestView<float>* forest, char* why, std::size_t capacity);
  void* (*load_double)(const FlatForestView<double>* forest, char* why, std::size_t capacity);
  void (*unload)(void* forest);
  // `rows`: count x width, `margins`: count x outputs, both in the caller's memory. Returns when all are there.
  PluginAnswer (*margins)(void* forest, BatchUse use, const double* rows, std::size_t count, double* margins, char* why,
                          std::size_t capacity);
};

// The library's one symbol: its functions; null when it is of another layout than `layout` (kFlatForestLayout).
using ForestPluginFunction = const ForestPlugin* (*)(std::uint32_t layout);

}  // namespace hone
