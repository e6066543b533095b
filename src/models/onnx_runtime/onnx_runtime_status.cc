#include "models/onnx_runtime/onnx_runtime_status.h"

#include "models/onnx_runtime/library.h"
#include "models/onnx_runtime/providers.h"

namespace hone {

#ifdef HONE_HAVE_ONNXRUNTIME

OnnxRuntimeStatus CurrentOnnxRuntime() {
  const Result<OnnxRuntime>* const runtime = OpenedOnnxRuntime();
  OnnxRuntimeStatus status;
  if (runtime == nullptr) return status;
  if (!runtime->ok()) {
    status.state = OnnxRuntimeStatus::State::kUnavailable;
    status.reason = runtime->error().ToString();
    return status;
  }
  return {OnnxRuntimeStatus::State::kOpen, (*runtime)->path, (*runtime)->version, "", OnnxProviderStatuses()};
}

OnnxRuntimeStatus ProbeOnnxRuntime() {
  const Result<OnnxRuntime>& runtime = OpenOnnxRuntime();
  for (const OnnxProvider provider : kOnnxProviders) {
    if (runtime.ok()) static_cast<void>(MakeSessionOptions(*runtime, provider));  // which remembers why not
  }
  return CurrentOnnxRuntime();
}

#else

OnnxRuntimeStatus CurrentOnnxRuntime() {
  OnnxRuntimeStatus status;
  status.state = OnnxRuntimeStatus::State::kUnavailable;
  status.reason = "left out of this build: no headers of ONNX Runtime at configure time (tools/setup installs them)";
  return status;
}

OnnxRuntimeStatus ProbeOnnxRuntime() { return CurrentOnnxRuntime(); }

#endif

}  // namespace hone
