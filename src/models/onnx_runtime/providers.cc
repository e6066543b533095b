#include "models/onnx_runtime/providers.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/log.h"

namespace hone {
namespace {

struct Record {
  const char* name;
  const char* id;  // ONNX Runtime's
  std::atomic<std::size_t> models = 0;
  std::optional<Error> missing = {};  // why it can run no graph
  std::string reason = {};
};

// Kept until the process ends: models may outlive every other object.
std::array<Record, kOnnxProviders.size()>& Records() {
  static auto& records = *new std::array<Record, kOnnxProviders.size()>{
      {{"TensorRT", "TensorrtExecutionProvider"}, {"CUDA", "CUDAExecutionProvider"}, {"CPU", "CPUExecutionProvider"}}};
  return records;
}

Record& RecordOf(OnnxProvider provider) { return Records()[static_cast<std::size_t>(provider)]; }

std::mutex& RecordsMutex() {
  static auto& mutex = *new std::mutex;
  return mutex;
}

Result<bool> IsBuiltIn(const OnnxRuntime& runtime, std::string_view id) {
  char** names = nullptr;
  int count = 0;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, runtime.api->GetAvailableProviders(&names, &count), runtime.path));
  bool found = false;
  for (int i = 0; i < count; ++i) found = found || names[i] == id;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, runtime.api->ReleaseAvailableProviders(names, count), runtime.path));
  return found;
}

Status AppendTensorRt(const OnnxRuntime& runtime, OrtSessionOptions* options) {
  const OrtApi& api = *runtime.api;
  OrtTensorRTProviderOptionsV2* provider = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.CreateTensorRTProviderOptions(&provider), runtime.path));
  const OnnxHandle<OrtTensorRTProviderOptionsV2> owner(provider, api.ReleaseTensorRTProviderOptions);
  return CheckOnnx(runtime, api.SessionOptionsAppendExecutionProvider_TensorRT_V2(options, provider), runtime.path);
}

Status AppendCuda(const OnnxRuntime& runtime, OrtSessionOptions* options) {
  const OrtApi& api = *runtime.api;
  OrtCUDAProviderOptionsV2* provider = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.CreateCUDAProviderOptions(&provider), runtime.path));
  const OnnxHandle<OrtCUDAProviderOptionsV2> owner(provider, api.ReleaseCUDAProviderOptions);
  // Full float32 products, and no search among convolutions by their speed of the moment.
  const std::array<const char*, 3> keys = {"use_tf32", "cudnn_conv_algo_search", "arena_extend_strategy"};
  const std::array<const char*, 3> values = {"0", "HEURISTIC", "kSameAsRequested"};
  HONE_RETURN_IF_ERROR(CheckOnnx(
      runtime, api.UpdateCUDAProviderOptions(provider, keys.data(), values.data(), keys.size()), runtime.path));
  return CheckOnnx(runtime, api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, provider), runtime.path);
}

Status Append(const OnnxRuntime& runtime, OnnxProvider provider, OrtSessionOptions* options) {
  if (provider == OnnxProvider::kCpu) return OkStatus();
  HONE_ASSIGN_OR_RETURN(const bool built_in, IsBuiltIn(runtime, RecordOf(provider).id));
  if (!built_in) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("this build of ONNX Runtime has no {} provider", RecordOf(provider).name), runtime.path};
  }
  if (provider == OnnxProvider::kTensorRt) HONE_RETURN_IF_ERROR(AppendTensorRt(runtime, options));
  return AppendCuda(runtime, options);
}

Result<OnnxHandle<OrtSessionOptions>> MakePlainOptions(const OnnxRuntime& runtime) {
  const OrtApi& api = *runtime.api;
  OrtSessionOptions* options = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.CreateSessionOptions(&options), runtime.path));
  OnnxHandle<OrtSessionOptions> owner(options, api.ReleaseSessionOptions);
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.SetIntraOpNumThreads(options, 1), runtime.path));
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.SetInterOpNumThreads(options, 1), runtime.path));
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.SetDeterministicCompute(options, true), runtime.path));
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.DisableMemPattern(options), runtime.path));  // kept for each batch size
  for (const auto& [key, value] :
       {std::pair("session.intra_op.allow_spinning", "0"), std::pair("session.inter_op.allow_spinning", "0"),
        std::pair("session.use_env_allocators", "1")}) {
    HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.AddSessionConfigEntry(options, key, value), runtime.path));
  }
  return owner;
}

void Remember(OnnxProvider provider, const std::string& reason, LogLevel level) {
  Record& record = RecordOf(provider);
  if (record.reason == reason) return;
  record.reason = reason;
  Log(level, "ONNX Runtime passes over a provider", {{"provider", record.name}, {"reason", reason}});
}

}  // namespace

Result<OnnxHandle<OrtSessionOptions>> MakeSessionOptions(const OnnxRuntime& runtime, OnnxProvider provider) {
  const std::lock_guard lock(RecordsMutex());
  Record& record = RecordOf(provider);
  if (record.missing) return *record.missing;
  HONE_ASSIGN_OR_RETURN(OnnxHandle<OrtSessionOptions> options, MakePlainOptions(runtime));
  if (const Status status = Append(runtime, provider, options.get()); !status.ok()) {
    record.missing = status.error();
    // A build for the processor alone is no surprise; one for GPUs that cannot use them is.
    const bool expected = status.error().code == ErrorCode::kNotFound;
    Remember(provider, status.error().message, expected ? LogLevel::kInfo : LogLevel::kWarning);
    return status.error();
  }
  return options;
}

void PassOver(OnnxProvider provider, const std::string& reason) {
  const std::lock_guard lock(RecordsMutex());
  Remember(provider, reason, LogLevel::kWarning);
}

OnnxProviderUse::OnnxProviderUse(OnnxProvider provider) : provider_(provider) { ++RecordOf(provider_).models; }
OnnxProviderUse::~OnnxProviderUse() { --RecordOf(provider_).models; }

std::vector<OnnxProviderStatus> OnnxProviderStatuses() {
  const std::lock_guard lock(RecordsMutex());
  std::vector<OnnxProviderStatus> statuses;
  for (const Record& record : Records()) statuses.push_back({record.name, record.models, record.reason});
  return statuses;
}

}  // namespace hone

#endif
