// The wall clock. Only commands read it; everything below is handed a Clock.
#pragma once

#include <chrono>

#include "base/time.h"

namespace hone {

class SystemClock final : public Clock {
 public:
  Time Now() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace hone
