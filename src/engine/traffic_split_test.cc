// A/B tests of a model that hone trains; those of models from files: api/ab_test_routes_test.cc.
#include "engine/traffic_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <span>

#include "base/random.h"
#include "engine/ab_test_evidence.h"
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

// What the I/O threads hand on: requests of the split that is served, each of a key of its own.
class SplitRequests : public AbTestOfATrainedModel {
 protected:
  void SetUp() override {
    AbTestOfATrainedModel::SetUp();
    Open();
    ASSERT_TRUE(Split({{"1.0.0", 0.5}, {"1.0.1", 0.5}}).ok());
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
      prediction.version = prediction.assignment.arm == 1 && !prediction.assignment.failed ? "1.0.1" : "1.0.0";
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

  IdGenerator ids_{5};
  std::uint64_t key_ = 0;
};

TEST_F(SplitRequests, AreCountedOverARestart) {
  Send(150, [](int i) { return Assignment{.arm = static_cast<std::uint8_t>(i % 2)}; });
  Open();
  Send(150, [](int i) { return Assignment{.arm = static_cast<std::uint8_t>(i % 2)}; });
  const std::vector<SplitRecord> splits = engine_->store().splits.List("ridges").value();
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits[0].watch.units().count(0), 150);
  EXPECT_EQ(splits[0].watch.units().count(1), 150);
  key_ = 0;  // the same keys again
  Send(300, [](int i) { return Assignment{.arm = static_cast<std::uint8_t>(i % 2)}; });
  const SplitRecord again = engine_->store().splits.List("ridges").value().front();
  EXPECT_EQ(again.watch.units().units(), 300);
  EXPECT_EQ(again.watch.requests(1), 300);
}

TEST_F(SplitRequests, WithoutAnAnswerAreCountedAndNotStored) {
  const std::int64_t stored = engine_->predictions_stored();
  Send(100, [](int i) {
    return Assignment{.arm = static_cast<std::uint8_t>(i % 2), .failed = i % 10 == 0, .answered = i % 10 != 0};
  });
  EXPECT_EQ(engine_->predictions_stored() - stored, 90);
  const SplitRecord split = engine_->store().splits.List("ridges").value().front();
  EXPECT_EQ(split.watch.units().units(), 100);
  EXPECT_EQ(split.watch.guard(Guardrail::kErrors, 1).happened(false), 10);
}

TEST_F(SplitRequests, WrongSharesAreToldOnceAndTheTestCannotBeWon) {
  Send(300, [](int i) { return Assignment{.arm = static_cast<std::uint8_t>(i % 10 == 0 ? 0 : 1)}; });
  ASSERT_EQ(Told().size(), 1U);
  EXPECT_THAT(Told()[0].reason,
              HasSubstr("the A/B test cannot be won: requests are not shared out as the split says: 1.0.0 got 0."));
  const auto refused = Do([](LiveEngine& core) -> Result<bool> {
    HONE_RETURN_IF_ERROR(core.PromoteWinner("ridges", "1.0.1"));
    return true;
  });
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, HasSubstr("1.0.1 cannot win the A/B test of ridges"));
  const auto verdict = Judged();
  ASSERT_TRUE(verdict.ok()) << verdict.error().ToString();
  EXPECT_EQ(verdict->verdict, Verdict::kNoData);
  EXPECT_THAT(verdict->reason, HasSubstr("did not get their shares"));
  Open();
  Send(100, [](int) { return Assignment{.arm = 1}; });
  EXPECT_EQ(Told().size(), 1U) << "told once";
  ASSERT_TRUE(Split({{"1.0.0", 1}}).ok());
  const std::string evidence = Decisions(DecisionKind::kEndAbTest)[0].evidence;
  EXPECT_THAT(evidence, HasSubstr(R"("verdict":"no_data","reason":"the arms did not get their shares)"));
  EXPECT_THAT(evidence, HasSubstr(R"("mismatch":{"proven":true)"));
}

TEST_F(SplitRequests, AChallengerThatFailsMoreOftenNeverWinsThoughItsLossIsBetter) {
  Send(1000,
       [](int i) { return Assignment{.arm = static_cast<std::uint8_t>(i % 2), .failed = i % 2 == 1 && i % 9 == 0}; });
  ASSERT_EQ(Told().size(), 1U);
  EXPECT_THAT(Told()[0].reason, HasSubstr("had no answer for"));
  EXPECT_THAT(Told()[0].evidence, HasSubstr(R"({"guardrail":"errors","split":{)"));
  const auto verdict = Judged();
  ASSERT_TRUE(verdict.ok()) << verdict.error().ToString();
  EXPECT_EQ(verdict->verdict, Verdict::kRollBack);
  EXPECT_EQ(verdict->challengers.at(0).reason, "broke the guardrail errors");
}

TEST_F(SplitRequests, OfAnotherSplitAreNotCounted) {
  const std::uint64_t before = Snapshot().split();
  clock_.AdvanceTo(clock_.Now() + kSecond);
  ASSERT_TRUE(Split({{"1.0.0", 0.7}, {"1.0.1", 0.3}}).ok());
  EXPECT_NE(Snapshot().split(), before);
  Prediction& late = engine_->ring(0).slot();
  late = {.id = ids_.Next(clock_.Now()), .time = clock_.Now(), .model = "ridges", .version = "1.0.0"};
  late.assignment.split = before;
  late.features.assign(Snapshot().width(), 0.5);
  engine_->ring(0).Commit();
  engine_->Turn(0);
  const std::vector<SplitRecord> splits = engine_->store().splits.List("ridges").value();
  ASSERT_EQ(splits.size(), 2U);
  for (const SplitRecord& split : splits) EXPECT_EQ(split.watch.units().units(), 0);
  EXPECT_FALSE(splits[0].ended);
  EXPECT_TRUE(splits[1].ended);
}

TEST_F(SplitRequests, ADamagedCountIsTold) {
  for (const char* record : {"{}", "no JSON", R"({"arms":[{"version":"1.0.0","share":1}]})"}) {
    Statement damage = engine_->store().database->Prepare("UPDATE splits SET record = ?").value();
    ASSERT_TRUE(damage.Run(std::string_view(record)).ok());
    const auto splits = engine_->store().splits.List("ridges");
    ASSERT_FALSE(splits.ok()) << record;
    EXPECT_EQ(splits.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(splits.error().key, "splits.record");
  }
}

// The champion errs by 1, the challenger by `error`.
class SplitOutcomes : public SplitRequests {
 protected:
  void Answer(int requests, double error) {
    Random draw(8);
    auto transaction = Transaction::Begin(*engine_->store().database);
    ASSERT_TRUE(transaction.ok());
    SplitStore& splits = engine_->store().splits;
    const std::uint64_t tag = splits.List("ridges").value().front().identity.tag();
    for (int i = 0; i < requests; ++i) {
      const auto arm = static_cast<std::uint8_t>(draw.Uniform() < 0.5 ? 0 : 1);
      clock_.AdvanceTo(clock_.Now() + kDay);
      Prediction prediction{.id = ids_.Next(clock_.Now()), .time = clock_.Now(), .model = "ridges"};
      prediction.version = arm == 0 ? "1.0.0" : "1.0.1";
      prediction.value = arm == 0 ? 1 : error;
      ASSERT_TRUE(engine_->store().predictions.Append(std::span(&prediction, 1)).ok());
      ASSERT_TRUE(splits.AppendUnit(tag, {prediction.id, arm, prediction.value}).ok());
      const Outcome outcome{prediction.id, 0.1 * draw.Normal(), clock_.Now()};
      ASSERT_TRUE(engine_->store().outcomes.Append(std::span(&outcome, 1)).ok());
    }
    ASSERT_TRUE(transaction->Commit().ok());
    clock_.AdvanceTo(clock_.Now() + 30 * kDay);
  }
};

TEST_F(SplitOutcomes, ABetterChallengerWinsOnItsOwnAnswers) {
  Answer(600, 0.5);
  const auto verdict = Judged();
  ASSERT_TRUE(verdict.ok()) << verdict.error().ToString();
  EXPECT_EQ(verdict->verdict, Verdict::kAdvance) << verdict->reason;
  EXPECT_EQ(verdict->winner, "1.0.1");
  const AbTestChallenger& challenger = verdict->challengers.at(0);
  EXPECT_NEAR(challenger.champion_losses.mean(), 1, 0.05);
  EXPECT_NEAR(challenger.losses.gain.mean, 0.75, 0.2);
  EXPECT_GT(challenger.losses.gain.low, 0);
}

TEST_F(SplitOutcomes, FewOutcomesAreNoDataAndEqualArmsAreHeld) {
  EXPECT_EQ(Judged()->verdict, Verdict::kNoData);
  Answer(40, 1);
  EXPECT_EQ(Judged()->verdict, Verdict::kNoData);
  Answer(300, 1);
  EXPECT_EQ(Judged()->verdict, Verdict::kHold);
}

}  // namespace
}  // namespace hone
