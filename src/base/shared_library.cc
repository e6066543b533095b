#include "base/shared_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

namespace hone {

std::string BesideProgram(const std::string& file) {
  std::error_code error;
  std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? file : program.replace_filename(file).string();
}

Result<SharedLibrary> SharedLibrary::Open(std::string name, const char* variable, std::vector<std::string> paths) {
  if (const char* const chosen = variable != nullptr ? std::getenv(variable) : nullptr) paths = {chosen};
  std::string refusals;
  for (std::string& path : paths) {
    if (void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return SharedLibrary(std::move(path), handle);
    refusals += (refusals.empty() ? "" : "; ") + std::string(dlerror());
  }
  return Error{ErrorCode::kUnavailable, fmt::format("{} cannot be opened: {}", name, refusals),
               paths.empty() ? "" : paths.front()};
}

void* SharedLibrary::Address(const char* function_name) const { return dlsym(handle_, function_name); }

}  // namespace hone
