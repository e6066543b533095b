// How far around an answer its prediction interval goes.
#pragma once

#include <atomic>
#include <limits>

namespace hone {

// Of one model, now. One thread writes, any thread reads; neither waits.
struct AnswerReach {
  double coverage = 0.9;  // asked for; does not change
  // The interval is the answer +- this. Infinite: no error is too large. NaN: too few outcomes are known for a bound.
  std::atomic<double> reach{std::numeric_limits<double>::quiet_NaN()};
};

}  // namespace hone
