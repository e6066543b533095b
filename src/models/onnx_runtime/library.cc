#include "models/onnx_runtime/library.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/shared_library.h"

namespace hone {
namespace {

constexpr std::size_t kMostArenaBytes = std::size_t{4} << 30;
constexpr std::size_t kLongestMessage = 600;

std::atomic<const Result<OnnxRuntime>*> opened = nullptr;

std::vector<std::string> Places() {
  std::vector<std::string> places = {HONE_ONNXRUNTIME_LIBRARY};
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) places.push_back((program.parent_path().parent_path() / "lib/libonnxruntime.so.1").string());
  places.insert(places.end(), {"libonnxruntime.so.1", "libonnxruntime.so"});
  return places;
}

// The C API's number is the release's second one: 24 of "1.24.1".
int ApiOf(std::string_view version) {
  int major = 0, minor = 0;
  const char* const end = version.data() + version.size();
  const auto first = std::from_chars(version.data(), end, major);
  if (first.ec != std::errc() || first.ptr == end || major != 1) return major > 1 ? ORT_API_VERSION : 0;
  std::from_chars(first.ptr + 1, end, minor);
  return minor;
}

// What it logs it also answers, except when it gives up.
void ORT_API_CALL ForwardLog(void*, OrtLoggingLevel, const char*, const char*, const char*, const char* message) {
  LogError("ONNX Runtime", {{"message", message}});
}

Status MakeArena(const OnnxRuntime& runtime) {
  const OrtApi& api = *runtime.api;
  // "As requested", not doubled: what a block of rows needs is the same each time.
  const std::array<const char*, 2> keys = {"max_mem", "arena_extend_strategy"};
  const std::array<std::size_t, 2> values = {kMostArenaBytes, 1};
  OrtArenaCfg* arena = nullptr;
  HONE_RETURN_IF_ERROR(
      CheckOnnx(runtime, api.CreateArenaCfgV2(keys.data(), values.data(), keys.size(), &arena), runtime.path));
  const OnnxHandle<OrtArenaCfg> arena_owner(arena, api.ReleaseArenaCfg);
  OrtMemoryInfo* memory = nullptr;
  HONE_RETURN_IF_ERROR(
      CheckOnnx(runtime, api.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory), runtime.path));
  const OnnxHandle<OrtMemoryInfo> memory_owner(memory, api.ReleaseMemoryInfo);
  return CheckOnnx(runtime, api.CreateAndRegisterAllocator(runtime.environment, memory, arena), runtime.path);
}

Result<OnnxRuntime> Open() {
  HONE_ASSIGN_OR_RETURN(const SharedLibrary file,
                        SharedLibrary::Open("ONNX Runtime", "HONE_ONNXRUNTIME_LIBRARY", Places()));
  decltype(&OrtGetApiBase) get_base = nullptr;
  if (!file.Find("OrtGetApiBase", get_base)) {
    return Error{ErrorCode::kUnavailable, "this is not ONNX Runtime: it has no OrtGetApiBase", file.path()};
  }
  OnnxRuntime runtime{file.path(), get_base()->GetVersionString()};
  if (ApiOf(runtime.version) >= ORT_API_VERSION) runtime.api = get_base()->GetApi(ORT_API_VERSION);
  if (runtime.api == nullptr) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("ONNX Runtime {} is too old; hone needs 1.{} or later", runtime.version, ORT_API_VERSION),
                 runtime.path};
  }
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime,
                                 runtime.api->CreateEnvWithCustomLogger(ForwardLog, nullptr, ORT_LOGGING_LEVEL_FATAL,
                                                                        "hone", &runtime.environment),
                                 runtime.path));
  HONE_RETURN_IF_ERROR(MakeArena(runtime));
  return runtime;
}

}  // namespace

const Result<OnnxRuntime>& OpenOnnxRuntime() {
  static const Result<OnnxRuntime> runtime = Open();
  opened = &runtime;
  return runtime;
}

const Result<OnnxRuntime>* OpenedOnnxRuntime() { return opened; }

Status CheckOnnx(const OnnxRuntime& runtime, OrtStatus* status, std::string_view source) {
  if (status == nullptr) return OkStatus();
  const OnnxHandle<OrtStatus> owner(status, runtime.api->ReleaseStatus);
  std::string_view message = runtime.api->GetErrorMessage(status);
  message = message.substr(0, message.find_last_not_of(" \n") + 1);
  return Error{ErrorCode::kInvalidData, fmt::format("ONNX Runtime: {}", message.substr(0, kLongestMessage)),
               std::string(source)};
}

}  // namespace hone

#endif
