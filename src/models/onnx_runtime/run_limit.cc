#include "models/onnx_runtime/run_limit.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <chrono>

namespace hone {

Result<std::unique_ptr<RunLimit>> RunLimit::Start(const OnnxRuntime& runtime, Duration limit) {
  OrtRunOptions* options = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, runtime.api->CreateRunOptions(&options), runtime.path));
  return std::unique_ptr<RunLimit>(new RunLimit(runtime, limit, options));
}

RunLimit::RunLimit(const OnnxRuntime& runtime, Duration limit, OrtRunOptions* options)
    : runtime_(runtime), options_(options, runtime.api->ReleaseRunOptions), timer_(MakeThreadPool(1)) {
  timer_->Submit([this, limit] { Watch(limit); });
}

RunLimit::~RunLimit() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ended_.notify_one();
}

bool RunLimit::passed() const {
  const std::lock_guard lock(mutex_);
  return passed_;
}

void RunLimit::Watch(Duration limit) {
  std::unique_lock lock(mutex_);
  if (ended_.wait_for(lock, std::chrono::nanoseconds(limit), [this] { return over_; })) return;
  passed_ = true;
  // It fails on no options that there are.
  runtime_.api->ReleaseStatus(runtime_.api->RunOptionsSetTerminate(options_.get()));
}

}  // namespace hone

#endif
