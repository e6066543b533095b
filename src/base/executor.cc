#include "base/executor.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace hone {
namespace {

class InlineExecutor final : public Executor {
 public:
  void Submit(std::function<void()> task) override { task(); }
  int parallelism() const override { return 1; }
};

class ThreadPool final : public Executor {
 public:
  explicit ThreadPool(int threads) {
    for (int i = 0; i < std::max(threads, 1); ++i) workers_.emplace_back([this] { Work(); });
  }

  ~ThreadPool() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  void Submit(std::function<void()> task) override {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

  int parallelism() const override { return static_cast<int>(workers_.size()); }

 private:
  void Work() {
    while (true) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool closing_ = false;
  std::vector<std::thread> workers_;
};

// Shared by the caller and its assistants; an assistant that starts after all is done finds nothing left to take.
struct Loop {
  const std::function<void(int)>* body;
  int count;
  std::atomic<int> next{0};
  std::mutex mutex;
  std::condition_variable done;
  int finished = 0;

  void Run() {
    for (int i = next++; i < count; i = next++) {
      (*body)(i);
      const std::lock_guard lock(mutex);
      if (++finished == count) done.notify_all();
    }
  }

  void Wait() {
    std::unique_lock lock(mutex);
    done.wait(lock, [this] { return finished == count; });
  }
};

}  // namespace

std::unique_ptr<Executor> MakeInlineExecutor() { return std::make_unique<InlineExecutor>(); }
std::unique_ptr<Executor> MakeThreadPool(int threads) { return std::make_unique<ThreadPool>(threads); }

// The caller works too: so a body may itself call ParallelFor on the same pool without waiting for a free worker.
void ParallelFor(Executor& executor, int count, const std::function<void(int)>& body) {
  if (count <= 0) return;
  auto loop = std::make_shared<Loop>();
  loop->body = &body;
  loop->count = count;
  const int assistants = std::min(executor.parallelism(), count) - 1;
  for (int i = 0; i < assistants; ++i) executor.Submit([loop] { loop->Run(); });
  loop->Run();
  loop->Wait();
}

}  // namespace hone
