// The bounded way of predictions from one I/O thread to the one writer: a single-producer, single-consumer ring
// (Lamport 1983) whose slots keep their memory, so logging a prediction neither allocates nor waits for the store.
//
//   switch (ring.Admit(clock.Now())) {                    // I/O thread, before predicting
//     case RingState::kRoom: predictor.Predict(snapshot, request, ring.slot()); ring.Commit(); break;
//     case RingState::kWait: try again in a millisecond; the connection is not read meanwhile
//     case RingState::kOverload: answer 503 with Retry-After
//   }
//   while (ring.TakeInto(row)) store(row);                                   // writer
//
// Nothing is ever dropped: a prediction that was answered is in the ring.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "records/prediction.h"

namespace hone {

enum class RingState {
  kRoom,      // slot() may be filled
  kWait,      // full, but not for long yet
  kOverload,  // full for longer than the patience
};

class PredictionRing {
 public:
  // `capacity` is rounded up to a power of two, 2 ... 2^20. `patience`: how long a full ring means kWait.
  explicit PredictionRing(std::size_t capacity, Duration patience = 100 * kMillisecond);

  // Producer. `now` is monotone enough to tell 100 ms; time that goes back restarts the patience.
  RingState Admit(Time now);
  // Producer: whether Admit would say kRoom, for which no clock has to be read.
  bool HasRoom();
  // Producer, after kRoom: the slot to fill. Holds an older prediction: overwrite every field.
  Prediction& slot() { return slots_[head_cached() & mask_]; }
  // Producer: hands the slot to the consumer. An admitted slot that is not committed is simply offered again.
  void Commit();

  // Consumer: takes the oldest prediction into `row`, whose memory goes to the slot. False when there is none.
  bool TakeInto(Prediction& row);

  // Any thread.
  std::size_t capacity() const { return slots_.size(); }
  std::size_t size() const;
  std::uint64_t waits() const { return waits_.load(std::memory_order_relaxed); }          // times Admit said kWait
  std::uint64_t overloads() const { return overloads_.load(std::memory_order_relaxed); }  // times it said kOverload

 private:
  std::uint64_t head_cached() const { return head_.load(std::memory_order_relaxed); }

  std::vector<Prediction> slots_;
  std::uint64_t mask_;
  Duration patience_;
  alignas(64) std::atomic<std::uint64_t> head_{0};  // next to be written; the producer's
  std::uint64_t tail_seen_ = 0;                     // producer's copy of tail_
  bool full_ = false;
  Time full_since_ = 0;
  std::atomic<std::uint64_t> waits_{0};
  std::atomic<std::uint64_t> overloads_{0};
  alignas(64) std::atomic<std::uint64_t> tail_{0};  // next to be read; the consumer's
};

}  // namespace hone
