// A device that answers batches of rows for forests that were copied to it.
//
//   Result<std::shared_ptr<const ForestDevice>> device = OpenForestDevice(library, 0);   // or why there is none
//   Result<std::unique_ptr<const ForestOnDevice>> forest = (*device)->Load(flat.view());
//   if ((*forest)->Margins(BatchUse::kServing, rows, count, margins) != PluginAnswer::kDone) answer on the processor
//
// All of it is thread-safe. A device outlives the forests on it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "gpu/flat_forest.h"
#include "gpu/forest_plugin.h"

namespace hone {

class ForestOnDevice {
 public:
  virtual ~ForestOnDevice() = default;
  // `rows`: count x width, `margins`: count x outputs, row-major. Waits for the answers but in serving never for
  // another batch: kBusy when as many are under way as the device takes. After kFailed, which is logged, `margins` hold
  // anything.
  virtual PluginAnswer Margins(BatchUse use, const double* rows, std::size_t count, double* margins) const noexcept = 0;
};

class ForestDevice {
 public:
  virtual ~ForestDevice() = default;
  // "NVIDIA H200, compute capability 9.0, 132 multiprocessors, 143771 MiB"
  virtual const std::string& name() const = 0;
  // Copies a forest. kUnavailable says why the device cannot have it: too many slots, no memory left.
  virtual Result<std::unique_ptr<const ForestOnDevice>> Load(const FlatForestView<float>& forest) const = 0;
  virtual Result<std::unique_ptr<const ForestOnDevice>> Load(const FlatForestView<double>& forest) const = 0;
};

// Opens the GPU library (libhone_cuda.so) and device `number` of this machine; at most once in a process. kUnavailable
// says why there is none: no such library (it is built only where nvcc is found), one of another build, no driver, no
// device, one too old.
Result<std::shared_ptr<const ForestDevice>> OpenForestDevice(const std::string& library, int number);

}  // namespace hone
