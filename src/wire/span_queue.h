// Ended spans on their way to whoever exports them: bounded, so that a slow exporter costs spans and nothing else.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/time.h"
#include "wire/span.h"

namespace hone {

// Any number of threads put in, one takes out.
class SpanQueue {
 public:
  using Batch = std::vector<std::unique_ptr<const Span>>;

  // Holds at most `size` spans; `batch` of them wake the one who takes.
  explicit SpanQueue(std::size_t size = 4096, std::size_t batch = 512);

  // Full or closed, it drops the span and counts it. Never waits for the taker.
  void Put(std::unique_ptr<const Span> span);
  // Waits for a batch, at most `wait`, or until closed; at most a batch of the oldest, maybe none.
  Batch Take(Duration wait);
  // Nothing more comes in; what is there can be taken at once.
  void Close();
  bool closed() const;
  // Waits until closed, at most `wait`; whether it is.
  bool AwaitClose(Duration wait);
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  const std::size_t size_, batch_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Batch spans_;  // oldest first
  bool closed_ = false;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace hone
