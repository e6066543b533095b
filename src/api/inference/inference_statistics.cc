#include "api/inference/inference_statistics.h"

#include <memory>

namespace hone {
namespace {

InferenceFigures FiguresOf(const std::vector<std::string>& labels, const InferenceCounters& counters) {
  InferenceFigures figures;
  figures.model = labels[0];
  figures.version = labels[1];
  figures.rows = counters.rows.value();
  figures.executions = counters.executions.value();
  figures.successes = counters.successes.value();
  figures.success_time = counters.success_time.value();
  figures.failures = counters.failures.value();
  figures.failure_time = counters.failure_time.value();
  figures.queue_time = counters.queue_time.value();
  figures.input_time = counters.input_time.value();
  figures.evaluation_time = counters.evaluation_time.value();
  figures.output_time = counters.output_time.value();
  figures.last = counters.last.load(std::memory_order_relaxed);
  return figures;
}

}  // namespace

InferenceStatistics::InferenceStatistics()
    : family_({"model", "version"}, kMaxSeries, [] { return std::make_unique<InferenceCounters>(); }) {}

std::vector<InferenceFigures> InferenceStatistics::Read(std::string_view model, std::string_view version) const {
  std::vector<InferenceFigures> all;
  family_.Visit([&](const std::vector<std::string>& labels, const InferenceCounters& counters) {
    const bool wanted = (model.empty() || model == labels[0]) && (version.empty() || version == labels[1]);
    if (wanted) all.push_back(FiguresOf(labels, counters));
  });
  return all;
}

}  // namespace hone
