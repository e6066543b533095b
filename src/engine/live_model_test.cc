#include "engine/live_model.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/executor.h"
#include "engine/live_engine.h"
#include "engine/testing/ridge_market.h"
#include "engine/train_model.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

// Stands still: bars carry their own time.
struct StillClock final : Clock {
  Time Now() const override { return Time{4} * 365 * 20 * kDay; }
};

constexpr std::size_t kTrained = 500;

class LiveModelTest : public testing::Test {
 protected:
  void SetUp() override {
    BarSeries first = market_.series();
    first.instrument = "calm";
    first.bars.resize(kTrained);
    const auto store = LiveStore::Open(folder_.path());
    const auto executor = MakeInlineExecutor();
    const auto report = TrainModel(**store, first, RidgeModel(), 1, clock_.Now(), *executor);
    ASSERT_TRUE(report.ok()) << report.error().ToString();
  }
  void Open() {
    engine_.reset();
    LiveOptions options;
    options.folder = folder_.path();
    options.program = "/bin/false";
    options.policy.retraining.growth = 10;
    auto engine = LiveEngine::Open(options, clock_);
    ASSERT_TRUE(engine.ok()) << engine.error().ToString();
    engine_ = std::move(*engine);
  }
  void Feed(std::size_t begin, std::size_t end) {
    const std::vector<Bar>& bars = market_.series().bars;
    for (std::size_t i = begin; i < end; ++i) {
      engine_->Submit(
          [&, i](LiveEngine& core) -> Result<std::string> {
            HONE_RETURN_IF_ERROR(core.AddBars("calm", {bars[i]}));
            return std::string();
          },
          [](const Result<std::string>& result) { EXPECT_TRUE(result.ok()) << result.error().ToString(); });
      engine_->Turn(0);
    }
  }
  const ImprovementLoop& loop() { return engine_->models().at("ridges")->loop(); }

  TemporaryFolder folder_;
  StillClock clock_;
  SyntheticMarket market_ = Market("calm", 800, 5);
  std::unique_ptr<LiveEngine> engine_;
};

// Far more rows than an outcome is waited for, and no checkpoint among them.
TEST_F(LiveModelTest, RowsAfterTheCheckpointAreLearnedFromAgain) {
  Open();
  Feed(kTrained, 800);
  const std::string state = loop().SaveState();
  const std::vector<double> learned = loop().history().y;
  ASSERT_GT(learned.size(), 750U - kTrained);
  Open();  // nothing was saved on the way out: as after kill -9
  engine_->Turn(0);
  EXPECT_EQ(loop().history().y, learned);
  EXPECT_EQ(loop().SaveState(), state);
}

}  // namespace
}  // namespace hone
