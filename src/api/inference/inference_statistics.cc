#include "api/inference/inference_statistics.h"

#include <algorithm>

namespace hone {
namespace {

constexpr const char* kOthers = "other";

void AddTo(InferenceFigures& figures, const InferenceCounters& counters) {
  figures.rows += counters.rows.value();
  figures.executions += counters.executions.value();
  figures.successes += counters.successes.value();
  figures.success_time += counters.success_time.value();
  figures.failures += counters.failures.value();
  figures.failure_time += counters.failure_time.value();
  figures.queue_time += counters.queue_time.value();
  figures.input_time += counters.input_time.value();
  figures.evaluation_time += counters.evaluation_time.value();
  figures.output_time += counters.output_time.value();
  figures.last = std::max(figures.last, counters.last.load(std::memory_order_relaxed));
}

}  // namespace

std::shared_ptr<InferenceCounters> InferenceStatistics::Of(const std::string& model, const std::string& version) {
  const std::lock_guard lock(mutex_);
  if (const auto known = series_.find({model, version}); known != series_.end()) return known->second;
  if (series_.size() == kMaxSeries) PassOnOldest();
  return series_[{model, version}] = std::make_shared<InferenceCounters>();
}

void InferenceStatistics::PassOnOldest() {
  const auto oldest = std::ranges::min_element(
      series_, {}, [](const auto& entry) { return entry.second->last.load(std::memory_order_relaxed); });
  oldest->second->passed_on = true;
  leaving_.push_back(std::move(oldest->second));
  series_.erase(oldest);
  std::erase_if(leaving_, [this](const std::shared_ptr<InferenceCounters>& counters) {
    if (counters.use_count() > 1) return false;
    AddTo(others_, *counters);
    return true;
  });
}

std::vector<InferenceFigures> InferenceStatistics::Read(std::string_view model, std::string_view version) const {
  const auto wanted = [&](std::string_view of_model, std::string_view of_version) {
    return (model.empty() || model == of_model) && (version.empty() || version == of_version);
  };
  const std::lock_guard lock(mutex_);
  std::vector<InferenceFigures> all;
  for (const auto& [names, counters] : series_) {
    if (!wanted(names.first, names.second)) continue;
    AddTo(all.emplace_back(InferenceFigures{names.first, names.second}), *counters);
  }
  if (series_.size() < kMaxSeries || !wanted(kOthers, kOthers)) return all;
  InferenceFigures others = others_;
  for (const auto& counters : leaving_) AddTo(others, *counters);
  others.model = others.version = kOthers;
  if (others.successes + others.failures > 0) all.push_back(std::move(others));
  return all;
}

}  // namespace hone
