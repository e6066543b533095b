// Executor: where work runs. Components never start threads on their own account; an executor is passed in.
#pragma once

#include <functional>
#include <memory>

namespace hone {

// Runs tasks. Tasks must not throw.
class Executor {
 public:
  virtual ~Executor() = default;
  // Queues `task`; may run it before returning (InlineExecutor). Thread-safe.
  virtual void Submit(std::function<void()> task) = 0;
  // Number of tasks that can run at once, >= 1.
  virtual int parallelism() const = 0;
};

// Runs every task inside Submit, on the caller's thread.
std::unique_ptr<Executor> MakeInlineExecutor();
// A fixed pool of `threads` >= 1 workers, first in, first out. The destructor finishes what is queued.
std::unique_ptr<Executor> MakeThreadPool(int threads);

// Calls body(0) ... body(count - 1) on the executor and returns when all are done. Results written by index are
// therefore in the order submitted whatever ran first.
void ParallelFor(Executor& executor, int count, const std::function<void(int)>& body);

}  // namespace hone
