#include "wire/span_queue.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace hone {

SpanQueue::SpanQueue(std::size_t size, std::size_t batch) : size_(size), batch_(std::min(batch, size)) {
  spans_.reserve(size);
}

void SpanQueue::Put(std::unique_ptr<const Span> span) {
  bool full_batch = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || spans_.size() == size_) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    spans_.push_back(std::move(span));
    full_batch = spans_.size() == batch_;
  }
  if (full_batch) wake_.notify_one();
}

SpanQueue::Batch SpanQueue::Take(Duration wait) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::chrono::nanoseconds(wait), [this] { return closed_ || spans_.size() >= batch_; });
  const auto end = spans_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_, spans_.size()));
  Batch taken(std::make_move_iterator(spans_.begin()), std::make_move_iterator(end));
  spans_.erase(spans_.begin(), end);
  return taken;
}

void SpanQueue::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
}

bool SpanQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool SpanQueue::AwaitClose(Duration wait) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, std::chrono::nanoseconds(wait), [this] { return closed_; });
}

}  // namespace hone
