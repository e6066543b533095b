// The GPU library opened as hone opens it. Where there is a GPU its answers are compared with the processor's; where
// there is none it must say so, and everything is answered by the processor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

#include "base/random.h"
#include "gpu/forest_device.h"
#include "models/forest/calibration_rows.h"
#include "models/forest/forest_accelerator.h"

namespace hone {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class SteadyClock final : public Clock {
 public:
  Time Now() const override {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  }
};

const Result<std::shared_ptr<const ForestDevice>>& Device() {
  static const auto device = OpenForestDevice(HONE_CUDA_LIBRARY, 0);
  return device;
}

Tree CompleteTree(std::size_t width, int depth, Random& random) {
  Tree tree;
  const int splits = (1 << depth) - 1;
  for (int i = 0; i < splits; ++i) {
    const int left = 2 * i + 1;
    tree.splits.push_back({.threshold = static_cast<float>(random.Normal()),
                           .feature = static_cast<std::uint32_t>(random.Below(width)),
                           .left = left < splits ? left : ~(left - splits),
                           .right = left < splits ? left + 1 : ~(left + 1 - splits),
                           .missing = static_cast<Missing>(random.Below(3)),
                           .default_left = random.Below(2) == 0});
  }
  for (int i = 0; i <= splits; ++i) tree.leaves.push_back(static_cast<float>(random.Normal()));
  return tree;
}

Forest ForestOf(Dialect dialect, std::size_t outputs, std::size_t width, int depth) {
  Forest forest;
  Random random(width);
  forest.width = width;
  forest.dialect = dialect;
  forest.start.assign(outputs, 0.5);
  for (std::uint32_t i = 0; i < 60; ++i) {
    forest.trees.push_back(CompleteTree(width, depth, random));
    forest.trees.back().output = i % static_cast<std::uint32_t>(outputs);
  }
  return forest;
}

// Also where the device is never the faster one.
void ExpectProcessorsBits(const ForestAccelerator& accelerator, const Forest& forest) {
  const auto plain = MakeForestModel(forest);
  const auto model = accelerator.Accelerate(plain);
  EXPECT_THAT(model->kernel(), Not(HasSubstr("not the processor's")));
  EXPECT_THAT(model->kernel(), Not(HasSubstr("failed")));
  for (const std::size_t count : {1, 1000, 100'000}) {
    const std::vector<double> rows = CalibrationRows(forest, count);
    std::vector<double> device(count * forest.outputs()), processor(device.size());
    model->PredictBatch(rows, device);
    plain->PredictBatch(rows, processor);
    EXPECT_EQ(device, processor);
  }
}

TEST(GpuLibrary, AnswersWithTheProcessorsBitsOrSaysWhyItCannot) {
  if (!Device().ok()) {
    EXPECT_EQ(Device().error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(Device().error().message,
                AnyOf(HasSubstr("no NVIDIA driver"), HasSubstr("cuda"), HasSubstr("older than")));
    return;
  }
  const SteadyClock clock;
  const ForestAccelerator accelerator(*Device(), clock);
  for (const Dialect dialect : {Dialect::kLightGbm, Dialect::kXgboost}) {
    ExpectProcessorsBits(accelerator, ForestOf(dialect, 1, 30, 6));
    ExpectProcessorsBits(accelerator, ForestOf(dialect, 3, 5, 12));
    ExpectProcessorsBits(accelerator, ForestOf(dialect, 1, 200, 4));
  }
}

TEST(GpuLibrary, OtherFilesAreRefusedByName) {
  const auto missing = OpenForestDevice("/nowhere/libhone_cuda.so", 0);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().source, "/nowhere/libhone_cuda.so");
  EXPECT_THAT(missing.error().message, HasSubstr("no GPU library"));
  const auto other = OpenForestDevice("libm.so.6", 0);
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().message, HasSubstr("not of this build"));
}

}  // namespace
}  // namespace hone
