// A/B tests of a model that hone trains; those of models from files: api/ab_test_routes_test.cc.
#include "engine/traffic_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "engine/live_engine.h"
#include "engine/testing/ridge_market.h"
#include "engine/train_model.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using testing::HasSubstr;

constexpr std::size_t kBarsBeforeSplit = 400;

const BarSeries& CalmBars() {
  static const BarSeries series = [] {
    BarSeries bars = Market("calm", 520, 4).series();
    bars.instrument = "calm";
    return bars;
  }();
  return series;
}

// The model "ridges" with 1.0.0 (active) and 1.0.1 (staging), which answer the same; its jobs fail.
class AbTestOfATrainedModel : public testing::Test {
 protected:
  void SetUp() override {
    BarSeries series = CalmBars();
    series.bars.resize(kBarsBeforeSplit);
    const auto store = LiveStore::Open(folder_.path()).value();
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(TrainModel(*store, series, RidgeModel(), 1, clock_.Now(), *MakeInlineExecutor()).ok());
    }
  }
  void Open() {
    engine_.reset();
    LiveOptions options;
    options.folder = folder_.path();
    options.program = "/bin/false";
    engine_ = LiveEngine::Open(options, clock_).value();
    engine_->ConnectReaders([](int, const std::function<void()>& task) { task(); });
  }
  // Carried out by the engine in a turn of its own.
  template <typename Work>
  auto Do(const Work& work) {
    std::optional<decltype(work(*engine_))> done;
    std::string failed;
    engine_->Submit(
        [&](LiveEngine& core) -> Result<std::string> {
          done.emplace(work(core));
          if (!done->ok()) return done->error();
          return std::string();
        },
        [&](const Result<std::string>& result) { failed = result.ok() ? "" : result.error().ToString(); });
    engine_->Turn(0);
    EXPECT_EQ(failed.empty(), done->ok()) << failed;
    return *std::move(done);
  }
  Result<std::optional<AbTest>> Split(const std::vector<AbArm>& arms) {
    return Do([&](LiveEngine& core) { return core.SplitTraffic("ridges", arms); });
  }
  // The bars after those it was trained on, from `begin` to `end`.
  std::vector<Prediction> Feed(std::size_t begin, std::size_t end) {
    const auto at = CalmBars().bars.begin() + kBarsBeforeSplit;
    const std::vector<Bar> bars(at + static_cast<std::ptrdiff_t>(begin), at + static_cast<std::ptrdiff_t>(end));
    return Do([&](LiveEngine& core) { return core.AddBars("calm", bars); }).value().predictions;
  }
  const ModelSnapshot& Snapshot() { return *engine_->snapshots(0)->Find("ridges"); }
  std::vector<Decision> Decisions(DecisionKind kind) {
    return engine_->store().decisions.List({.model = "ridges", .kind = kind}).value();
  }

  TemporaryFolder folder_;
  VirtualClock clock_{CalmBars().bars[kBarsBeforeSplit - 1].known_at};
  std::unique_ptr<LiveEngine> engine_;
};

TEST_F(AbTestOfATrainedModel, RequestsAndBarsAreSplitAndEveryVersionScoresThem) {
  Open();
  const auto test = Split({{"1.0.0", 0.75}, {"1.0.1", 0.25}});
  ASSERT_TRUE(test.ok()) << test.error().ToString();
  EXPECT_TRUE(Snapshot().ab_test());
  EXPECT_EQ(Snapshot().salt(), (*test)->salt);
  ASSERT_EQ(Snapshot().challengers().size(), 1U);
  EXPECT_EQ(Snapshot().challengers()[0].live.version, "1.0.1");
  EXPECT_EQ(Snapshot().challengers()[0].share, 0.25);
  std::map<std::string, int> answered;
  for (const Prediction& prediction : Feed(0, 100)) {
    const bool arm = prediction.version == "1.0.1";
    EXPECT_EQ(prediction.role, arm ? Role::kCanary : Role::kChampion);
    EXPECT_EQ(prediction.propensity, arm ? 0.25 : 0.75);
    const std::vector<ShadowPrediction> shadows = engine_->store().predictions.Shadows(prediction.id).value();
    ASSERT_EQ(shadows.size(), 1U) << "the other version's answer";
    EXPECT_EQ(shadows[0].version, arm ? "1.0.0" : "1.0.1");
    ++answered[prediction.version];
  }
  EXPECT_GT(answered["1.0.1"], 10);
  EXPECT_EQ(answered["1.0.0"] + answered["1.0.1"], 100);
}

TEST_F(AbTestOfATrainedModel, GoesOnOverARestartUntilAPersonPromotesTheWinner) {
  Open();
  const auto test = Split({{"1.0.0", 0.5}, {"1.0.1", 0.5}});
  ASSERT_TRUE(test.ok()) << test.error().ToString();
  Feed(0, 30);
  Open();
  EXPECT_TRUE(Snapshot().ab_test());
  EXPECT_EQ(Snapshot().salt(), (*test)->salt) << "a key keeps its version";
  Feed(30, 60);
  ASSERT_TRUE(Do([](LiveEngine& core) { return core.Promote("ridges", "1.0.1"); }).ok());
  EXPECT_FALSE(Snapshot().ab_test());
  EXPECT_EQ(Snapshot().champion().version, "1.0.1");
  EXPECT_TRUE(Snapshot().challengers().empty());
  ASSERT_EQ(Decisions(DecisionKind::kStartAbTest).size(), 1U);
  ASSERT_EQ(Decisions(DecisionKind::kEndAbTest).size(), 1U);
  EXPECT_THAT(Decisions(DecisionKind::kEndAbTest)[0].evidence, HasSubstr(R"("by":"operator")"));
  const std::string evidence = Decisions(DecisionKind::kPromote)[0].evidence;
  EXPECT_THAT(evidence, HasSubstr(R"("ab_test":{"id":")" + (*test)->id.ToString()));
  EXPECT_THAT(evidence, HasSubstr(R"("looked_at":60)"));
  const auto active = engine_->store().versions.List("ridges").value();
  EXPECT_EQ(std::ranges::count(active, Stage::kActive, &VersionRecord::stage), 1);
  Open();
  EXPECT_EQ(Snapshot().champion().version, "1.0.1");
}

TEST_F(AbTestOfATrainedModel, EndsWithAllTrafficForTheActiveVersion) {
  Open();
  ASSERT_TRUE(Split({{"1.0.0", 0.5}, {"1.0.1", 0.5}}).ok());
  const auto ended = Split({{"1.0.0", 1}});
  ASSERT_TRUE(ended.ok()) << ended.error().ToString();
  EXPECT_FALSE(*ended);
  EXPECT_FALSE(Snapshot().ab_test());
  for (const Prediction& prediction : Feed(0, 10)) EXPECT_EQ(prediction.propensity, 1);
}

TEST_F(AbTestOfATrainedModel, EndsWhenTheLoopItselfMakesAnotherVersionActive) {
  Open();
  ASSERT_TRUE(Split({{"1.0.0", 0.5}, {"1.0.1", 0.5}}).ok());
  const Status changed = Do([](LiveEngine& core) {
    LiveModel& model = *core.models().at("ridges");
    const VersionPointer other = model.LoadVersionNamed("1.0.1").value();
    return model.loop().ActivateByHand(core.now(), DecisionKind::kRollBack, other, "as where a guard takes it back");
  });
  ASSERT_TRUE(changed.ok());
  EXPECT_FALSE(Snapshot().ab_test());
  EXPECT_EQ(Snapshot().champion().version, "1.0.1");
  EXPECT_FALSE(*engine_->store().ab_tests.Running("ridges"));
  ASSERT_EQ(Decisions(DecisionKind::kEndAbTest).size(), 1U);
  EXPECT_THAT(Decisions(DecisionKind::kEndAbTest)[0].evidence, HasSubstr(R"("by":"loop")"));
}

TEST_F(AbTestOfATrainedModel, ARefusalLeavesNothing) {
  Open();
  const auto unknown = Split({{"1.0.0", 0.5}, {"9.9.9", 0.5}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  const auto without = Split({{"1.0.1", 1}});
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.error().code, ErrorCode::kConflict);
  EXPECT_TRUE(Decisions(DecisionKind::kStartAbTest).empty());
  EXPECT_FALSE(*engine_->store().ab_tests.Running("ridges"));
}

}  // namespace
}  // namespace hone
