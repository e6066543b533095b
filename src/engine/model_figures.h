// What is counted and measured of a model, for readers on any thread: the core thread writes after its commits, a
// scraper reads, neither waits for the other. Each number is whole; two of them may be a turn apart.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace hone {

struct ModelFigures {
  // Over the life of the model, restarts included: jobs after the first, versions made active, versions taken back.
  std::atomic<std::int64_t> retrainings{0}, promotions{0}, rollbacks{0};
  // The champion's, over the policy's window, as of the last LiveEngine::RefreshPerformance; NaN without rows.
  std::atomic<std::int64_t> rows{0};
  std::atomic<double> rmse{std::numeric_limits<double>::quiet_NaN()};
  std::atomic<double> rmse_low{std::numeric_limits<double>::quiet_NaN()};
  std::atomic<double> rmse_high{std::numeric_limits<double>::quiet_NaN()};
  // Of intervals told with answers (LiveIntervals): judged by their outcome, held; share held of the newest. NaN: none.
  std::atomic<std::int64_t> intervals_judged{0}, intervals_held{0};
  std::atomic<double> interval_coverage{std::numeric_limits<double>::quiet_NaN()};
};

}  // namespace hone
