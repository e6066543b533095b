#include "hone/gpu.h"

#include <cstdlib>
#include <memory>

#include "base/shared_library.h"
#include "hone/system_clock.h"
#include "models/forest/forest_accelerator.h"

namespace hone {
namespace {

using Device = std::shared_ptr<const ForestDevice>;

Result<Device> Open() {
  if (const char* const library = std::getenv("HONE_GPU_LIBRARY")) {
    if (*library != '\0') return OpenForestDevice(library, 0);
    return Error{ErrorCode::kUnavailable, "HONE_GPU_LIBRARY is set to nothing"};
  }
  return OpenForestDevice(BesideProgram("libhone_cuda.so"), 0);
}

const Result<Device>& Opened() {
  static const Result<Device> device = Open();
  return device;
}

}  // namespace

std::string FindGpu() { return Opened().ok() ? (*Opened())->name() : "none: " + Opened().error().message; }

std::string UseGpu() {
  static const SystemClock clock;
  if (Opened().ok()) SetForestAccelerator(std::make_shared<ForestAccelerator>(*Opened(), clock));
  return FindGpu();
}

}  // namespace hone
