#include "hone/gpu.h"

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "hone/state_folder.h"
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
  HONE_ASSIGN_OR_RETURN(const std::string program, OwnProgram());
  return OpenForestDevice(std::filesystem::path(program).replace_filename("libhone_cuda.so").string(), 0);
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
