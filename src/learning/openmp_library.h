// A learner's library, which uses OpenMP.
//
// libgomp reads its environment when it loads, so OMP_WAIT_POLICY=PASSIVE is set (unless the user set it) just before a
// library is opened: waiting OpenMP threads then sleep instead of spinning on shared cores.
#pragma once

#include <string>

#include "base/shared_library.h"

namespace hone {

// Opens the file that the environment variable `variable` names, or else `path` (SharedLibrary::Open). It changes the
// environment: not beside other threads that read it.
Result<SharedLibrary> OpenOpenMpLibrary(std::string name, const char* variable, std::string path);

}  // namespace hone
