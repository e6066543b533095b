// ONNX Runtime's C API, opened at first use (onnx_runtime_status.h says where it is looked for).
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <onnxruntime_c_api.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hone {

// Lives as long as the process.
struct OnnxRuntime {
  std::string path, version;
  const OrtApi* api = nullptr;
  OrtEnv* environment = nullptr;  // has one arena for all graphs, of at most 4 GiB
};

// Opened once, never closed. Thread-safe. kUnavailable with the loader's words when it cannot be opened, or when it is
// older than the C API hone is built with.
const Result<OnnxRuntime>& OpenOnnxRuntime();
// What OpenOnnxRuntime found; null while it was not called yet.
const Result<OnnxRuntime>* OpenedOnnxRuntime();

// What the C API made, released by its own function.
template <typename T>
using OnnxHandle = std::unique_ptr<T, void (*)(T*)>;

// Releases `status`. OK when it is null; else kInvalidData with ONNX Runtime's message, which names the node where
// there is one. `source` is the model's file.
Status CheckOnnx(const OnnxRuntime& runtime, OrtStatus* status, std::string_view source);

}  // namespace hone

#endif
