// A time that runs of ONNX Runtime may take together: a graph may loop without end.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/executor.h"
#include "base/result.h"
#include "base/time.h"
#include "models/onnx_runtime/library.h"

namespace hone {

// Runs that are given options() end with an error once the time has passed, as soon as the operator at work is done,
// and so does every later one. The time begins with Start. Any number of threads may run.
class RunLimit {
 public:
  static Result<std::unique_ptr<RunLimit>> Start(const OnnxRuntime& runtime, Duration limit);
  ~RunLimit();
  RunLimit(const RunLimit&) = delete;
  RunLimit& operator=(const RunLimit&) = delete;

  const OrtRunOptions* options() const { return options_.get(); }
  bool passed() const;

 private:
  RunLimit(const OnnxRuntime& runtime, Duration limit, OrtRunOptions* options);
  void Watch(Duration limit);

  const OnnxRuntime& runtime_;
  OnnxHandle<OrtRunOptions> options_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false, passed_ = false;
  std::unique_ptr<Executor> timer_;  // one thread, gone with this; the last member, so that it ends first
};

}  // namespace hone

#endif
