// The GPU of this machine, which answers large batches of forests where there is one.
//
// The library that drives it is libhone_cuda.so beside the program, or what the environment variable HONE_GPU_LIBRARY
// names; set to nothing, no GPU is looked for.
#pragma once

#include <string>

namespace hone {

// "NVIDIA H200, ...", or "none: " and why. Opened once in a process.
std::string FindGpu();
// The same, and forests that are read from now on use it (models/forest/forest_accelerator.h). Before threads start.
std::string UseGpu();

}  // namespace hone
