#include "serving/prediction_ring.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace hone {

PredictionRing::PredictionRing(std::size_t capacity, Duration patience)
    : slots_(std::bit_ceil(std::clamp<std::size_t>(capacity, 2, 1 << 20))),
      mask_(slots_.size() - 1),
      patience_(patience) {}

bool PredictionRing::HasRoom() {
  const std::uint64_t head = head_.load(std::memory_order_relaxed);
  if (head - tail_seen_ == slots_.size()) tail_seen_ = tail_.load(std::memory_order_acquire);
  if (head - tail_seen_ == slots_.size()) return false;
  full_ = false;
  return true;
}

RingState PredictionRing::Admit(Time now) {
  if (HasRoom()) return RingState::kRoom;
  if (!full_ || now < full_since_) full_since_ = now;
  full_ = true;
  const bool patient = now - full_since_ < patience_;
  (patient ? waits_ : overloads_).fetch_add(1, std::memory_order_relaxed);
  return patient ? RingState::kWait : RingState::kOverload;
}

void PredictionRing::Commit() { head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

bool PredictionRing::TakeInto(Prediction& row) {
  const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
  if (head_.load(std::memory_order_acquire) == tail) return false;
  std::swap(row, slots_[tail & mask_]);
  tail_.store(tail + 1, std::memory_order_release);
  return true;
}

std::size_t PredictionRing::size() const {
  const std::uint64_t tail = tail_.load(std::memory_order_acquire);
  return static_cast<std::size_t>(head_.load(std::memory_order_acquire) - tail);
}

}  // namespace hone
