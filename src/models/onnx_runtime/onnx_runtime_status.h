// ONNX Runtime as this process finds it: its library, and the providers that run graphs.
//
// The library is opened when the first graph is read. It is the file that the environment variable
// HONE_ONNXRUNTIME_LIBRARY names; without it the one this build was configured with, lib/libonnxruntime.so.1 of the
// folder above the program's, or the system's. A build for GPUs is used so without building hone anew.
//
// Providers are tried in the order TensorRT, CUDA, CPU for each graph; why one was passed over is logged, once for each
// reason. Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hone {

struct OnnxProviderStatus {
  std::string name;        // "TensorRT", "CUDA" or "CPU"
  std::size_t models = 0;  // graphs in memory that it runs
  std::string reason;      // why it was passed over the last time; "" when it never was
};

struct OnnxRuntimeStatus {
  enum class State {
    kNotOpened,    // no graph was read yet
    kOpen,         // graphs run
    kUnavailable,  // graphs are refused, `reason` says why
  };
  State state = State::kNotOpened;
  std::string library, version;               // where it was opened; "1.24.1"
  std::string reason;                         // of kUnavailable
  std::vector<OnnxProviderStatus> providers;  // in the order they are tried
};

// As it is now. Opens nothing.
OnnxRuntimeStatus CurrentOnnxRuntime();
// Opens the library and tries each provider.
OnnxRuntimeStatus ProbeOnnxRuntime();

}  // namespace hone
