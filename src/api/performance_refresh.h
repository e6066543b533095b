// Lets the engine measure the champions again, unless it still does so for the time before.
#pragma once

#include <atomic>
#include <memory>

#include "engine/live_engine.h"

namespace hone {

// Any thread; copies share what is under way.
class PerformanceRefresh {
 public:
  explicit PerformanceRefresh(LiveEngine& engine) : engine_(&engine) {}

  // Returns at once; LiveEngine::figures() shows the result when it is there.
  void Ask() const;

 private:
  LiveEngine* engine_;
  std::shared_ptr<std::atomic<bool>> asked_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace hone
