#include "models/forest/forest_accelerator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "gpu/testing/host_block.h"
#include "models/forest/calibration_rows.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::Not;

// Time passes where something is computed.
class WorkClock final : public Clock {
 public:
  Time Now() const override { return now_; }
  void Spend(Duration time) const { now_ += time; }

 private:
  mutable Time now_ = 0;
};

// The kernel's blocks on the processor, and what may come between.
struct HostDevice final : ForestDevice {
  struct Loaded final : ForestOnDevice {
    std::function<PluginAnswer(BatchUse use, const double* rows, std::size_t count, double* margins)> margins;
    PluginAnswer Margins(BatchUse use, const double* rows, std::size_t count, double* out) const noexcept override {
      return margins(use, rows, count, out);
    }
  };

  const std::string& name() const override { return words; }
  Result<std::unique_ptr<const ForestOnDevice>> Load(const FlatForestView<float>& forest) const override {
    return LoadAs(forest);
  }
  Result<std::unique_ptr<const ForestOnDevice>> Load(const FlatForestView<double>& forest) const override {
    return LoadAs(forest);
  }

  template <typename Real>
  Result<std::unique_ptr<const ForestOnDevice>> LoadAs(const FlatForestView<Real>& view) const {
    if (!refusal.empty()) return Error{ErrorCode::kUnavailable, refusal};
    auto loaded = std::make_unique<Loaded>();
    FlatForest<Real> copy = Copy(view);
    loaded->margins = [this, copy](BatchUse use, const double* rows, std::size_t count, double* margins) {
      clock.Spend(kMillisecond + static_cast<Duration>(count));
      if (use == BatchUse::kServing) ++batches;
      const FlatForestView<Real> forest = copy.view();
      const BlockShape shape = ChooseBlockShape(forest.slot_count, sizeof(Real), {232448, 233472, 2048}).value();
      MarginsByHostBlocks(forest, shape, ThreadOrder::kAscending, rows, count, margins);
      if (spoils) margins[count / 2] = std::nextafter(margins[count / 2], 1e9);
      return answer;
    };
    return std::unique_ptr<const ForestOnDevice>(std::move(loaded));
  }

  template <typename Real>
  static FlatForest<Real> Copy(const FlatForestView<Real>& view) {
    FlatForest<Real> copy;
    copy.width = view.width;
    copy.slots.assign(view.slots, view.slots + view.slot_count);
    copy.group_begin.assign(view.group_begin, view.group_begin + view.groups() + 1);
    copy.tree_begin.assign(view.tree_begin, view.tree_begin + view.trees + 1);
    copy.nodes.assign(view.nodes, view.nodes + copy.tree_begin.back());
    copy.outputs.assign(view.outputs, view.outputs + view.output_count);
    return copy;
  }

  WorkClock clock;
  std::string words = "blocks on the processor";
  std::string refusal;
  bool spoils = false;
  PluginAnswer answer = PluginAnswer::kDone;
  mutable int batches = 0;  // served
};

// A forest that takes `row_cost` for each row of a batch.
class SlowForest final : public ForestModel {
 public:
  SlowForest(const WorkClock& clock, Duration row_cost, Forest forest)
      : clock_(clock), row_cost_(row_cost), model_(MakeForestModel(std::move(forest))) {}

  std::size_t width() const override { return model_->width(); }
  std::size_t outputs() const override { return model_->outputs(); }
  std::size_t margins() const override { return model_->margins(); }
  const Forest& forest() const noexcept override { return model_->forest(); }
  std::string kernel() const override { return "slow"; }
  double Predict(std::span<const double> row) const noexcept override { return model_->Predict(row); }
  double PredictMargin(std::span<const double> row) const noexcept override { return model_->PredictMargin(row); }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    model_->PredictAll(row, out);
  }
  void PredictMargins(std::span<const double> row, std::span<double> out) const noexcept override {
    model_->PredictMargins(row, out);
  }
  void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept override {
    clock_.Spend(row_cost_ * static_cast<Duration>(out.size() / outputs()));
    model_->PredictBatch(rows, out);
  }

 private:
  const WorkClock& clock_;
  Duration row_cost_;
  std::shared_ptr<const ForestModel> model_;
};

Forest SmallForest(Dialect dialect, std::size_t outputs) {
  Forest forest;
  forest.width = 3;
  forest.dialect = dialect;
  forest.start.assign(outputs, 0.25);
  forest.link = outputs == 1 ? Link::kSigmoid : Link::kSoftmax;
  for (std::uint32_t i = 0; i < 20; ++i) {
    Tree tree;
    tree.splits = {{.threshold = 0.125 * i, .feature = i % 3, .left = 1, .right = ~2, .missing = Missing::kNan},
                   {.threshold = -0.5, .feature = (i + 1) % 3, .left = ~0, .right = ~1, .default_left = true}};
    tree.leaves = {0.1F, -0.2F * static_cast<float>(i), 0.3F};
    tree.output = i % static_cast<std::uint32_t>(outputs);
    forest.trees.push_back(tree);
  }
  return forest;
}

std::shared_ptr<const ForestModel> Accelerated(std::shared_ptr<HostDevice> device, Duration row_cost, Forest forest) {
  const WorkClock& clock = device->clock;
  return ForestAccelerator(std::move(device), clock)
      .Accelerate(std::make_shared<SlowForest>(clock, row_cost, std::move(forest)));
}

std::vector<double> BatchOf(const Model& model, const Forest& forest, std::size_t count) {
  std::vector<double> answers(count * model.outputs());
  model.PredictBatch(CalibrationRows(forest, count), answers);
  return answers;
}

TEST(ForestAccelerator, LargeBatchesGoToTheDeviceWithTheSameBits) {
  for (const Dialect dialect : {Dialect::kLightGbm, Dialect::kXgboost}) {
    for (const std::size_t outputs : {1, 3}) {
      const auto device = std::make_shared<HostDevice>();
      const Forest forest = SmallForest(dialect, outputs);
      // The device: 1 ms and 1 ns a row. The processor: 5 us a row.
      const auto model = Accelerated(device, 5000, forest);
      EXPECT_EQ(model->kernel(), "slow; 256 rows or more on blocks on the processor");
      const auto plain = MakeForestModel(forest);
      EXPECT_EQ(BatchOf(*model, forest, 255), BatchOf(*plain, forest, 255));
      EXPECT_EQ(device->batches, 0);
      EXPECT_EQ(BatchOf(*model, forest, 256), BatchOf(*plain, forest, 256));
      EXPECT_EQ(BatchOf(*model, forest, 5000), BatchOf(*plain, forest, 5000));
      EXPECT_EQ(device->batches, 2);
    }
  }
}

TEST(ForestAccelerator, TheProcessorKeepsWhatItAnswersFaster) {
  const auto device = std::make_shared<HostDevice>();
  const Forest forest = SmallForest(Dialect::kXgboost, 1);
  const auto model = Accelerated(device, 1, forest);
  EXPECT_EQ(model->kernel(), "slow; no batch on the GPU: the processor was faster at every size");
  EXPECT_EQ(BatchOf(*model, forest, 100'000), BatchOf(*MakeForestModel(forest), forest, 100'000));
  EXPECT_EQ(device->batches, 0);
}

TEST(ForestAccelerator, OtherBitsAreNeverServed) {
  const auto device = std::make_shared<HostDevice>();
  device->spoils = true;
  SetLogLevel(LogLevel::kOff);
  const auto model = Accelerated(device, 5000, SmallForest(Dialect::kLightGbm, 1));
  SetLogLevel(LogLevel::kWarning);
  EXPECT_EQ(model->kernel(), "slow; no batch on the GPU: its margins are not the processor's");
}

TEST(ForestAccelerator, ABusyDeviceIsNotWaitedForAndAFailedOneNotAskedAgain) {
  const auto device = std::make_shared<HostDevice>();
  const Forest forest = SmallForest(Dialect::kLightGbm, 1);
  const auto model = Accelerated(device, 5000, forest);
  const std::vector<double> expected = BatchOf(*MakeForestModel(forest), forest, 400);
  device->answer = PluginAnswer::kBusy;
  EXPECT_EQ(BatchOf(*model, forest, 400), expected);
  device->answer = PluginAnswer::kDone;
  EXPECT_EQ(BatchOf(*model, forest, 400), expected);
  EXPECT_EQ(device->batches, 2) << "busy only for once";
  device->answer = PluginAnswer::kFailed;
  EXPECT_EQ(BatchOf(*model, forest, 400), expected);
  EXPECT_THAT(model->kernel(), HasSubstr("the GPU failed"));
  device->answer = PluginAnswer::kDone;
  EXPECT_EQ(BatchOf(*model, forest, 400), expected);
  EXPECT_EQ(device->batches, 3);
}

TEST(ForestAccelerator, SaysWhatIsLeftToTheProcessor) {
  Forest categorical = SmallForest(Dialect::kXgboost, 1);
  categorical.trees[0].splits[0].categorical = true;
  const auto device = std::make_shared<HostDevice>();
  EXPECT_THAT(Accelerated(device, 5000, categorical)->kernel(), HasSubstr("categorical splits"));
  Forest classes = SmallForest(Dialect::kXgboost, 3);
  classes.link = Link::kClass;
  EXPECT_THAT(Accelerated(device, 5000, classes)->kernel(), HasSubstr("another number of values"));
  device->refusal = "out of memory";
  EXPECT_THAT(Accelerated(device, 5000, SmallForest(Dialect::kXgboost, 1))->kernel(), HasSubstr("out of memory"));
}

TEST(ForestAccelerator, IsUsedForEveryForestOnceInstalled) {
  const auto device = std::make_shared<HostDevice>();
  SetForestAccelerator(std::make_shared<ForestAccelerator>(device, device->clock));
  const auto with = MakeForestModel(SmallForest(Dialect::kXgboost, 1));
  const auto by_name = MakeForestModel(SmallForest(Dialect::kXgboost, 1), ForestKernel::kWalk);
  SetForestAccelerator(nullptr);
  EXPECT_THAT(with->kernel(), HasSubstr("GPU"));
  EXPECT_THAT(by_name->kernel(), Not(HasSubstr("GPU")));
  EXPECT_THAT(MakeForestModel(SmallForest(Dialect::kXgboost, 1))->kernel(), Not(HasSubstr("GPU")));
}

}  // namespace
}  // namespace hone
