// What inference did, counted by model and version as Triton's statistics extension words it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "wire/prometheus.h"

namespace hone {

// Of one version. Counting takes no lock.
struct InferenceCounters {
  Counter rows;        // answered
  Counter executions;  // evaluations of its model
  Counter successes, success_time;
  Counter failures, failure_time;
  Counter queue_time;                                // waiting for room in the log
  Counter input_time, evaluation_time, output_time;  // rows from tensors, answers, tensors from answers
  std::atomic<Time> last{0};
  std::atomic<bool> passed_on{false};  // ask InferenceStatistics for others: these are counted with the rest
};

// How long the steps of a request took.
struct InferenceTimes {
  Duration input = 0, evaluation = 0, queue = 0, output = 0;

  Duration total() const { return input + evaluation + queue + output; }
};

// The sum so far of one version; times in nanoseconds.
struct InferenceFigures {
  std::string model, version;
  std::uint64_t rows = 0, executions = 0;
  std::uint64_t successes = 0, success_time = 0, failures = 0, failure_time = 0;
  std::uint64_t queue_time = 0, input_time = 0, evaluation_time = 0, output_time = 0;
  Time last = 0;  // 0: never
};

// Thread-safe. Of is a lock, so keep what it returns until it is passed on.
class InferenceStatistics {
 public:
  // Versions counted apart. One more takes the place of the one asked longest ago, whose counts go to "other" of
  // "other": the sum over all is that since the start.
  static constexpr std::size_t kMaxSeries = 256;

  std::shared_ptr<InferenceCounters> Of(const std::string& model, const std::string& version);
  // Of one model, of all where it is "", by model and version; likewise the version.
  std::vector<InferenceFigures> Read(std::string_view model, std::string_view version) const;

 private:
  void PassOnOldest();

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<InferenceCounters>> series_;
  std::vector<std::shared_ptr<InferenceCounters>> leaving_;  // passed on, while someone may still count there
  InferenceFigures others_;                                  // of those that nobody counts any more
};

}  // namespace hone
