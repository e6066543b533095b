// Tests only: A/B tests of a model that hone trains, in a live engine whose turns the test takes.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "engine/ab_test_evidence.h"
#include "engine/live_engine.h"
#include "engine/testing/ridge_market.h"
#include "engine/train_model.h"
#include "storage/testing/temporary_folder.h"

namespace hone {

inline constexpr std::size_t kBarsBeforeSplit = 400;

inline const BarSeries& CalmBars() {
  static const BarSeries series = [] {
    BarSeries bars = Market("calm", 520, 4).series();
    bars.instrument = "calm";
    return bars;
  }();
  return series;
}

// The model "ridges" with 1.0.0 (active), 1.0.1, 1.0.2 ... (staging), which answer the same; its jobs fail.
class AbTestOfATrainedModel : public testing::Test {
 protected:
  explicit AbTestOfATrainedModel(int versions = 2) : versions_(versions) {}
  void SetUp() override {
    BarSeries series = CalmBars();
    series.bars.resize(kBarsBeforeSplit);
    const auto store = LiveStore::Open(folder_.path()).value();
    for (int i = 0; i < versions_; ++i) {
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

  int versions_;
  TemporaryFolder folder_;
  VirtualClock clock_{CalmBars().bars[kBarsBeforeSplit - 1].known_at};
  std::unique_ptr<LiveEngine> engine_;
};

// What the I/O threads hand on: requests of the split that is served, each of a key of its own.
class SplitRequests : public AbTestOfATrainedModel {
 protected:
  explicit SplitRequests(std::vector<AbArm> arms = {{"1.0.0", 0.5}, {"1.0.1", 0.5}})
      : AbTestOfATrainedModel(static_cast<int>(arms.size())), arms_(std::move(arms)) {}
  void SetUp() override {
    AbTestOfATrainedModel::SetUp();
    Open();
    ASSERT_TRUE(Split(arms_).ok());
  }
  // `arm` of request i; failed ones are answered by the champion.
  void Send(int requests, const std::function<Assignment(int)>& assigned) {
    for (int i = 0; i < requests; ++i) {
      clock_.AdvanceTo(clock_.Now() + kMillisecond);
      Prediction& prediction = engine_->ring(0).slot();
      prediction = {.id = ids_.Next(clock_.Now()), .time = clock_.Now(), .model = "ridges"};
      prediction.assignment = assigned(i);
      prediction.assignment.split = Snapshot().split();
      prediction.assignment.unit = ++key_;
      prediction.version = arms_[prediction.assignment.failed ? 0 : prediction.assignment.arm].version;
      prediction.features.assign(Snapshot().width(), 0.5);
      prediction.latency = kMillisecond;
      engine_->ring(0).Commit();
      if (i % 100 == 99) engine_->Turn(0);
    }
    engine_->Turn(0);
  }
  // Alerts about the test; its jobs, which fail, have others.
  std::vector<Decision> Told() {
    std::vector<Decision> alerts = Decisions(DecisionKind::kAlert);
    std::erase_if(alerts, [](const Decision& alert) { return alert.reason.find("A/B test") == std::string::npos; });
    return alerts;
  }
  Result<AbTestVerdict> Judged() {
    return JudgeAbTest(engine_->store(), **engine_->store().ab_tests.Running("ridges"), clock_.Now());
  }

  std::vector<AbArm> arms_;
  IdGenerator ids_{5};
  std::uint64_t key_ = 0;
};

}  // namespace hone
