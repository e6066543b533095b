#include "learning/shared_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace hone {

Result<SharedLibrary> SharedLibrary::Open(std::string name, const char* variable, const char* path) {
  const char* const chosen = std::getenv(variable);
  std::string file = chosen != nullptr ? chosen : path;
  setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle != nullptr) return SharedLibrary(std::move(file), handle);
  return Error{ErrorCode::kUnavailable, fmt::format("{} cannot be opened: {}", name, dlerror()), std::move(file)};
}

void* SharedLibrary::Address(const char* function_name) const { return dlsym(handle_, function_name); }

}  // namespace hone
