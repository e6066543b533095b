#include "learning/openmp_library.h"

#include <cstdlib>
#include <utility>

namespace hone {

Result<SharedLibrary> OpenOpenMpLibrary(std::string name, const char* variable, std::string path) {
  setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  return SharedLibrary::Open(std::move(name), variable, {std::move(path)});
}

}  // namespace hone
