// The providers that may run a graph, in the order they are tried, and what became of each in this process.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <array>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/onnx_runtime/library.h"
#include "models/onnx_runtime/onnx_runtime_status.h"

namespace hone {

enum class OnnxProvider {
  kTensorRt,  // what TensorRT does not take runs on CUDA
  kCuda,
  kCpu,
};
inline constexpr std::array kOnnxProviders = {OnnxProvider::kTensorRt, OnnxProvider::kCuda, OnnxProvider::kCpu};

// Options of a graph that this provider runs: one thread, which sleeps when it has nothing to do, sums in the same
// order each time, the environment's arena. An error says why the provider cannot be had; it is remembered, so that
// libraries that are missing are looked for once. Thread-safe.
Result<OnnxHandle<OrtSessionOptions>> MakeSessionOptions(const OnnxRuntime& runtime, OnnxProvider provider);

// Remembers why the provider was passed over and logs it, unless that was the reason the last time too. Thread-safe.
void PassOver(OnnxProvider provider, const std::string& reason);

// Counts a graph as the provider's while it lives.
class OnnxProviderUse {
 public:
  explicit OnnxProviderUse(OnnxProvider provider);
  ~OnnxProviderUse();
  OnnxProviderUse(const OnnxProviderUse&) = delete;
  OnnxProviderUse& operator=(const OnnxProviderUse&) = delete;

 private:
  OnnxProvider provider_;
};

// In the order they are tried.
std::vector<OnnxProviderStatus> OnnxProviderStatuses();

}  // namespace hone

#endif
