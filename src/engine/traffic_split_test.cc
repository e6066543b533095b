// A/B tests of a model that hone trains; those of models from files: api/ab_test_routes_test.cc.
#include "engine/traffic_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <span>

#include "base/random.h"
#include "engine/testing/split_ridges.h"

namespace hone {
namespace {

using testing::HasSubstr;

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

TEST_F(AbTestOfATrainedModel, EndsAtItsDeadlineAlsoWhereNobodyServedThen) {
  Open();
  const auto test = Do([](LiveEngine& core) {
    return core.SplitTraffic("ridges", {{"1.0.0", 0.5}, {"1.0.1", 0.5}}, {.lasts = 2 * kDay});
  });
  ASSERT_TRUE(test.ok()) << test.error().ToString();
  EXPECT_EQ((*test)->deadline, clock_.Now() + 2 * kDay);
  clock_.AdvanceTo(clock_.Now() + kDay);
  engine_->Turn(0);
  EXPECT_TRUE(Snapshot().ab_test());
  engine_.reset();
  clock_.AdvanceTo(clock_.Now() + kDay);
  Open();
  engine_->Turn(0);
  EXPECT_FALSE(Snapshot().ab_test());
  EXPECT_FALSE(*engine_->store().ab_tests.Running("ridges"));
  ASSERT_EQ(Decisions(DecisionKind::kEndAbTest).size(), 1U);
  EXPECT_THAT(Decisions(DecisionKind::kEndAbTest)[0].evidence, HasSubstr(R"("by":"deadline","ab_test":{)"));
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
