#include "models/forest/forest_accelerator.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "models/forest/calibration_rows.h"
#include "models/forest/flat_forest_builder.h"

namespace hone {
namespace {

constexpr std::size_t kComparedRows = 1024;
constexpr std::size_t kLeastRows = 64;
constexpr std::size_t kMostRows = std::size_t{1} << 16;
constexpr std::size_t kMostNumbers = std::size_t{1} << 22;  // of rows that are timed: 32 MiB
constexpr int kTimings = 3;

using OnDevice = std::unique_ptr<const ForestOnDevice>;

class AcceleratedForest final : public ForestModel {
 public:
  AcceleratedForest(std::shared_ptr<const ForestModel> model, OnDevice on_device)
      : model_(std::move(model)), on_device_(std::move(on_device)) {}

  std::size_t width() const override { return model_->width(); }
  std::size_t outputs() const override { return model_->outputs(); }
  std::size_t margins() const override { return model_->margins(); }
  AnswerKind kind() const override { return model_->kind(); }
  const Forest& forest() const noexcept override { return model_->forest(); }
  std::string kernel() const override {
    return model_->kernel() + "; " + (failed_ ? "the GPU failed, see the log" : words_);
  }

  double Predict(std::span<const double> row) const noexcept override { return model_->Predict(row); }
  double PredictMargin(std::span<const double> row) const noexcept override { return model_->PredictMargin(row); }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    model_->PredictAll(row, out);
  }
  void PredictMargins(std::span<const double> row, std::span<double> out) const noexcept override {
    model_->PredictMargins(row, out);
  }
  void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept override {
    const std::size_t count = out.size() / outputs();
    if (count < crossover_ || !AnswerOnDevice(rows, count, out)) model_->PredictBatch(rows, out);
  }

  // With average and link; of a batch under way anything else than kDone leaves `out` to the processor.
  PluginAnswer BatchOnDevice(BatchUse use, std::span<const double> rows, std::size_t count,
                             std::span<double> out) const noexcept {
    const PluginAnswer answer = on_device_->Margins(use, rows.data(), count, out.data());
    if (answer != PluginAnswer::kDone) return answer;
    const std::size_t numbers = margins();
    for (std::size_t i = 0; i < out.size(); i += numbers) AnswerOfMargins(forest(), out.subspan(i, numbers));
    return answer;
  }
  const ForestOnDevice& on_device() const { return *on_device_; }
  const ForestModel& on_processor() const { return *model_; }

  // Before it is shared. `crossover`: rows of the smallest batch that goes to the device.
  void Settle(std::size_t crossover, std::string words) {
    crossover_ = crossover;
    words_ = std::move(words);
  }
  void LeaveOut(const std::string& why) {
    Settle(std::numeric_limits<std::size_t>::max(), "no batch on the GPU: " + why);
    on_device_.reset();
  }

 private:
  bool AnswerOnDevice(std::span<const double> rows, std::size_t count, std::span<double> out) const noexcept {
    if (failed_) return false;
    const PluginAnswer answer = BatchOnDevice(BatchUse::kServing, rows, count, out);
    if (answer == PluginAnswer::kFailed) failed_ = true;
    return answer == PluginAnswer::kDone;
  }

  std::shared_ptr<const ForestModel> model_;
  OnDevice on_device_;  // null where the device is left out
  std::size_t crossover_ = std::numeric_limits<std::size_t>::max();
  std::string words_;
  mutable std::atomic<bool> failed_ = false;
};

template <typename Real>
Result<OnDevice> LoadAs(const Forest& forest, const ForestDevice& device) {
  HONE_ASSIGN_OR_RETURN(const FlatForest<Real> flat, FlattenForest<Real>(forest));
  return device.Load(flat.view());
}

Result<OnDevice> LoadOn(const ForestModel& model, const ForestDevice& device) {
  const Forest& forest = model.forest();
  if (model.outputs() != model.margins()) {  // margins are turned into answers in place
    return Error{ErrorCode::kInvalidArgument, "its answer has another number of values than its margins"};
  }
  return SumsFloats(forest.dialect) ? LoadAs<float>(forest, device) : LoadAs<double>(forest, device);
}

// Why the device cannot have the forest, "" when its margins are the processor's to the bit.
std::string WhatDiffers(const AcceleratedForest& model) {
  const std::size_t width = model.width(), margins = model.margins();
  const std::vector<double> rows = CalibrationRows(model.forest(), kComparedRows);
  std::vector<double> device(kComparedRows * margins), processor(margins);
  const PluginAnswer answer =
      model.on_device().Margins(BatchUse::kCalibration, rows.data(), kComparedRows, device.data());
  if (answer != PluginAnswer::kDone) return "it failed";
  for (std::size_t i = 0; i < kComparedRows; ++i) {
    model.PredictMargins(std::span(rows).subspan(i * width, width), processor);
    for (std::size_t k = 0; k < margins; ++k) {
      const auto bits = std::bit_cast<std::uint64_t>(processor[k]);
      if (std::bit_cast<std::uint64_t>(device[i * margins + k]) != bits) return "its margins are not the processor's";
    }
  }
  return "";
}

template <typename Work>
Duration LeastTime(const Clock& clock, const Work& work) {
  Duration least = std::numeric_limits<Duration>::max();
  for (int i = 0; i < kTimings; ++i) {
    const Time begin = clock.Now();
    work();
    least = std::min(least, clock.Now() - begin);
  }
  return least;
}

// Rows of the smallest batch, among powers of two, that the device answers faster; 0 when there is none.
std::size_t MeasureCrossover(const AcceleratedForest& model, const Clock& clock) {
  const std::size_t largest = std::max({model.width(), model.outputs(), std::size_t{1}});
  const std::size_t most = std::clamp(kMostNumbers / largest, kLeastRows, kMostRows);
  const std::vector<double> all = CalibrationRows(model.forest(), most);
  std::vector<double> answers(most * model.outputs());
  for (std::size_t count = kLeastRows; count <= most; count *= 2) {
    const auto rows = std::span(all).first(count * model.width());
    const auto out = std::span(answers).first(count * model.outputs());
    bool done = true;
    const Duration device = LeastTime(clock, [&] {
      done = done && model.BatchOnDevice(BatchUse::kCalibration, rows, count, out) == PluginAnswer::kDone;
    });
    const Duration processor = LeastTime(clock, [&] { model.on_processor().PredictBatch(rows, out); });
    if (!done) return 0;
    if (device < processor) return count;
  }
  return 0;
}

void Calibrate(AcceleratedForest& model, const std::string& device, const Clock& clock) {
  if (const std::string why = WhatDiffers(model); !why.empty()) {
    LogError("the GPU is left out of a forest", {{"device", device}, {"why", why}});
    return model.LeaveOut(why);
  }
  const std::size_t crossover = MeasureCrossover(model, clock);
  LogInfo("a forest is on the GPU",
          {{"device", device}, {"trees", model.forest().trees.size()}, {"from_rows", crossover}});
  if (crossover == 0) return model.LeaveOut("the processor was faster at every size");
  model.Settle(crossover, fmt::format("{} rows or more on {}", crossover, device));
}

std::shared_ptr<const ForestAccelerator>& Installed() {
  static std::shared_ptr<const ForestAccelerator> installed;
  return installed;
}

}  // namespace

ForestAccelerator::ForestAccelerator(std::shared_ptr<const ForestDevice> device, const Clock& clock)
    : device_(std::move(device)), clock_(&clock) {}

std::shared_ptr<const ForestModel> ForestAccelerator::Accelerate(std::shared_ptr<const ForestModel> model) const {
  Result<OnDevice> loaded = LoadOn(*model, *device_);
  if (!loaded.ok()) {
    LogInfo("a forest is not on the GPU", {{"why", loaded.error().message}});
    auto left_out = std::make_shared<AcceleratedForest>(std::move(model), nullptr);
    left_out->LeaveOut(loaded.error().message);
    return left_out;
  }
  auto accelerated = std::make_shared<AcceleratedForest>(std::move(model), std::move(loaded).value());
  Calibrate(*accelerated, device_->name(), *clock_);
  return accelerated;
}

void SetForestAccelerator(std::shared_ptr<const ForestAccelerator> accelerator) {
  Installed() = std::move(accelerator);
}

const ForestAccelerator* forest_accelerator() { return Installed().get(); }

}  // namespace hone
