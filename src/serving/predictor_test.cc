#include "serving/predictor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "serving/shadow_scorer.h"
#include "serving/testing/constant_model.h"

namespace hone {
namespace {

using testing_models::Constant;
using testing_models::Ensemble;
using testing_models::Multiples;

SnapshotParts Parts() {
  SnapshotParts parts;
  parts.model = "vol";
  parts.features = {"price_return", "rsi_14"};
  parts.champion = {"1.0.0", Constant(2, 1, 1)};
  return parts;
}

SnapshotPointer Snapshot(const SnapshotParts& parts) { return ModelSnapshot::Make(parts).value(); }

class BindByNameTest : public testing::Test {
 protected:
  std::string ErrorOf(std::vector<NamedFeature> features) {
    const Status status = BindByName(*snapshot_, features, row_);
    return status.ok() ? "" : status.error().ToString();
  }
  SnapshotPointer snapshot_ = Snapshot(Parts());
  std::vector<double> row_;
};

TEST_F(BindByNameTest, OrdersTheRowAsTheModelDoes) {
  EXPECT_EQ(ErrorOf({{"rsi_14", 2}, {"price_return", 1}}), "");
  EXPECT_EQ(row_, (std::vector<double>{1, 2}));
  EXPECT_EQ(ErrorOf({{"price_return", NAN}, {"rsi_14", 4}}), "");
  EXPECT_TRUE(std::isnan(row_[0]));
  EXPECT_EQ(row_[1], 4);
}

TEST_F(BindByNameTest, NamesTheFeatureThatIsWrong) {
  EXPECT_EQ(ErrorOf({{"price_return", 1}}),
            "model vol: features.rsi_14: is missing; null stands for a value that is not known");
  EXPECT_EQ(ErrorOf({{"price_return", 1}, {"rsi14", 1}}),
            "model vol: features.rsi14: unknown feature, did you mean rsi_14?");
  EXPECT_EQ(ErrorOf({{"price_return", 1}, {"price_return", 2}}), "model vol: features.price_return: is given twice");
  EXPECT_EQ(ErrorOf({{"price_return", NAN}, {"price_return", NAN}}),
            "model vol: features.price_return: is given twice");
  EXPECT_EQ(ErrorOf({}), "model vol: features.price_return: is missing; null stands for a value that is not known");
}

TEST(BindByPosition, NeedsAsManyValuesAsFeatures) {
  std::vector<double> row;
  const SnapshotPointer snapshot = Snapshot(Parts());
  EXPECT_TRUE(BindByPosition(*snapshot, std::vector<double>{1, 2}, row).ok());
  EXPECT_EQ(row, (std::vector<double>{1, 2}));
  EXPECT_EQ(BindByPosition(*snapshot, std::vector<double>{1}, row).error().message,
            "must be 2 values in the order of the model's features, are 1");
}

TEST(Predictor, TheWholeAnswerOfAModelOfSeveralOutputs) {
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 1);
  SnapshotParts parts = Parts();
  parts.champion.model = Multiples(2, 3);
  Prediction prediction;
  ASSERT_TRUE(predictor.PredictRow(*Snapshot(parts), std::vector<double>{2, 0}, prediction).ok());
  EXPECT_EQ(prediction.value, 2);
  EXPECT_EQ(prediction.values, (std::vector<double>{2, 4, 6}));
  EXPECT_FALSE(predictor.PredictRow(*Snapshot(parts), std::vector<double>{1e308, 0}, prediction).ok())
      << "one of its numbers is infinite";
  ASSERT_TRUE(predictor.PredictRow(*Snapshot(Parts()), std::vector<double>{2, 0}, prediction).ok());
  EXPECT_TRUE(prediction.values.empty()) << "a record that is used again";
}

TEST(Predictor, FillsTheWholeRecord) {
  const VirtualClock clock(1'700'000'000 * kSecond);
  Predictor predictor(clock, 1);
  PredictRequestReader reader;
  Prediction prediction;
  prediction.role = Role::kFallback;
  prediction.latency = 99;
  const auto request = reader.Read(R"({"features":{"price_return":0.5,"rsi_14":null}})");
  const auto notes = predictor.Predict(*Snapshot(Parts()), **request, prediction);
  ASSERT_TRUE(notes.ok()) << notes.error().ToString();
  EXPECT_EQ(prediction.value, 1.5);
  EXPECT_EQ(prediction.time, clock.Now());
  EXPECT_EQ(prediction.id.time(), clock.Now());
  EXPECT_EQ(prediction.model, "vol");
  EXPECT_EQ(prediction.version, "1.0.0");
  EXPECT_EQ(prediction.role, Role::kChampion);
  EXPECT_EQ(prediction.propensity, 1);
  EXPECT_EQ(prediction.latency, 0);
  ASSERT_EQ(prediction.features.size(), 2U);
  EXPECT_TRUE(std::isnan(prediction.features[1]));
}

TEST(Predictor, RoutesTheCanarysShareAndGivesDistinctIds) {
  SnapshotParts parts = Parts();
  parts.challengers = {{{"1.1.0", Constant(2, 5)}, 0.1}};
  const SnapshotPointer snapshot = Snapshot(parts);
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 7);
  std::set<Id> ids;
  int canary = 0;
  Prediction prediction;
  const std::vector<double> row = {1, 2};
  for (int i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(predictor.PredictRow(*snapshot, row, prediction).ok());
    ids.insert(prediction.id);
    const bool is_canary = prediction.role == Role::kCanary;
    canary += is_canary;
    EXPECT_EQ(prediction.value, is_canary ? 5 : 2);
    EXPECT_EQ(prediction.propensity, is_canary ? 0.1 : 0.9);
    EXPECT_EQ(prediction.version, is_canary ? "1.1.0" : "1.0.0");
  }
  EXPECT_EQ(ids.size(), 20'000U);
  EXPECT_NEAR(canary, 2'000, 5 * std::sqrt(20'000 * 0.09));
}

TEST(Predictor, PersistenceAnswersWhileFrozen) {
  SnapshotParts parts = Parts();
  parts.fallback = 1;
  const VirtualClock clock;
  Predictor predictor(clock, 7);
  Prediction prediction;
  ASSERT_TRUE(predictor.PredictRow(*Snapshot(parts), std::vector<double>{1, 2.5}, prediction).ok());
  EXPECT_EQ(prediction.value, 2.5);
  EXPECT_EQ(prediction.version, "persistence");
  EXPECT_EQ(prediction.role, Role::kFallback);
}

TEST(Predictor, AFailingCanaryIsReplacedByTheChampion) {
  SnapshotParts parts = Parts();
  parts.challengers = {{{"1.1.0", Constant(2, NAN)}, 1}};
  const VirtualClock clock;
  Predictor predictor(clock, 7);
  Prediction prediction;
  const auto notes = predictor.PredictRow(*Snapshot(parts), std::vector<double>{1, 2}, prediction);
  ASSERT_TRUE(notes.ok());
  EXPECT_TRUE(notes->canary_failed);
  EXPECT_EQ(prediction.role, Role::kChampion);
  EXPECT_EQ(prediction.propensity, 1);
  EXPECT_EQ(prediction.value, 2);
}

TEST(Predictor, WithoutAFiniteAnswerItNamesTheMissingFeature) {
  const VirtualClock clock;
  Predictor predictor(clock, 7);
  Prediction prediction;
  const auto notes = predictor.PredictRow(*Snapshot(Parts()), std::vector<double>{NAN, 2}, prediction);
  ASSERT_FALSE(notes.ok());
  EXPECT_EQ(notes.error().ToString(),
            "model vol: features: version 1.0.0 has no finite answer for these features; price_return is missing");
  EXPECT_EQ(notes.error().code, ErrorCode::kInvalidData);
}

TEST(Predictor, NotesAnswersOutOfRange) {
  SnapshotParts parts = Parts();
  parts.range = {0, 10};
  const VirtualClock clock;
  Predictor predictor(clock, 7);
  Prediction prediction;
  const SnapshotPointer snapshot = Snapshot(parts);
  EXPECT_FALSE(predictor.PredictRow(*snapshot, std::vector<double>{1, 2}, prediction)->out_of_range);
  EXPECT_TRUE(predictor.PredictRow(*snapshot, std::vector<double>{100, 2}, prediction)->out_of_range);
  EXPECT_EQ(prediction.value, 101);
}

TEST(ScoreShadows, GivesWhatEveryOtherLiveVersionWouldAnswer) {
  SnapshotParts parts = Parts();
  parts.challengers = {{{"1.1.0", Constant(2, 5)}, 0.1}};
  parts.shadows = {{"2.0.0", Constant(2, 7)}, {"2.1.0", Constant(2, NAN)}};
  parts.fallback = 1;
  const SnapshotPointer snapshot = Snapshot(parts);
  Prediction prediction;
  prediction.features = {1, 2.5};
  prediction.version = "1.1.0";
  prediction.role = Role::kCanary;
  std::vector<ShadowPrediction> out(9);
  EXPECT_EQ(ScoreShadows(prediction, *snapshot, out), 1U);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].version, "1.0.0");
  EXPECT_EQ(out[0].value, 2);
  EXPECT_EQ(out[1].version, "2.0.0");
  EXPECT_EQ(out[1].value, 7);
  EXPECT_EQ(out[2].version, "persistence");
  EXPECT_EQ(out[2].value, 2.5);

  prediction.version = "persistence";
  prediction.role = Role::kFallback;
  EXPECT_EQ(ScoreShadows(prediction, *snapshot, out), 1U);
  EXPECT_EQ(out.size(), 3U);
  EXPECT_EQ(out[1].version, "1.1.0");
}

TEST(ScoreShadows, ScoresNothingForARowOfAnotherWidth) {
  Prediction prediction;
  prediction.features = {1};
  prediction.version = "0.9.0";
  std::vector<ShadowPrediction> out;
  EXPECT_EQ(ScoreShadows(prediction, *Snapshot(Parts()), out), 1U);
  EXPECT_TRUE(out.empty());
}

TEST(PredictorOfEnsembles, TellsTheAnswersItsAnswerIsMadeOf) {
  SnapshotParts parts = Parts();
  parts.champion.model = Ensemble(EnsembleRule::kMajority, {Constant(2, 1, 1), Constant(2, 3), Constant(2, -9)});
  const SnapshotPointer snapshot = Snapshot(parts);
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 1);
  Prediction prediction;
  const auto notes = predictor.PredictRow(*snapshot, std::vector<double>{0.5, 2}, prediction);
  ASSERT_TRUE(notes.ok()) << notes.error().ToString();
  EXPECT_FALSE(notes->abstained);
  EXPECT_EQ(prediction.votes, (std::vector<double>{1.5, 3, -9}));
  EXPECT_EQ(prediction.value, (1.5 + 3) / 2);
  ASSERT_TRUE(predictor.PredictRow(*Snapshot(Parts()), std::vector<double>{1, 2}, prediction).ok());
  EXPECT_TRUE(prediction.votes.empty()) << "nobody voted on this one";
}

TEST(PredictorOfEnsembles, AnAbstentionIsNobodyElsesToAnswer) {
  SnapshotParts parts = Parts();
  parts.challengers = {{{"1.1.0", Ensemble(EnsembleRule::kUnanimous, {Constant(2, 1), Constant(2, -1)})}, 1}};
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 1);
  Prediction prediction;
  const auto notes = predictor.PredictRow(*Snapshot(parts), std::vector<double>{1, 2}, prediction);
  ASSERT_TRUE(notes.ok()) << notes.error().ToString();
  EXPECT_TRUE(notes->abstained);
  EXPECT_FALSE(notes->canary_failed);
  EXPECT_FALSE(notes->out_of_range);
  EXPECT_EQ(prediction.version, "1.1.0");
  EXPECT_TRUE(std::isnan(prediction.value));
  parts.challengers.front().live.model = Ensemble(EnsembleRule::kUnanimous, {Constant(2, 1), Constant(2, NAN)});
  const auto failed = predictor.PredictRow(*Snapshot(parts), std::vector<double>{1, 2}, prediction);
  ASSERT_TRUE(failed.ok()) << failed.error().ToString();
  EXPECT_TRUE(failed->canary_failed) << "a member without an answer is no abstention";
  EXPECT_EQ(prediction.version, "1.0.0");
}

TEST(PredictorOfKeys, AKeyStaysWithItsVersionAlsoOverRestarts) {
  SnapshotParts parts = Parts();
  parts.challengers = {{{"1.1.0", Constant(2, 5)}, 0.5}};
  parts.salt = 77;
  const SnapshotPointer snapshot = Snapshot(parts);
  const VirtualClock clock(kDay);
  Predictor first(clock, 1), second(clock, 2);
  PredictRequest request;
  request.values = {1, 2};
  Prediction prediction;
  int challengers = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string key = "account-" + std::to_string(i);
    request.key = key;
    ASSERT_TRUE(first.Predict(*snapshot, request, prediction).ok());
    const std::string version = prediction.version;
    EXPECT_EQ(prediction.propensity, 0.5);
    for (int k = 0; k < 3; ++k) {
      ASSERT_TRUE(second.Predict(*snapshot, request, prediction).ok());
      EXPECT_EQ(prediction.version, version);
    }
    challengers += version == "1.1.0" ? 1 : 0;
  }
  EXPECT_GT(challengers, 60);
  EXPECT_LT(challengers, 140);
}

TEST(Predictor, TellsWhatARequestWasAssignedToWhereTrafficIsSplit) {
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 1);
  SnapshotParts parts = Parts();
  parts.challengers = {{{"1.1.0", Constant(2, NAN)}, 0.5}};
  parts.salt = 3;
  PredictRequest request;
  request.values = {1, 2};
  Prediction prediction;
  ASSERT_TRUE(predictor.Predict(*Snapshot(parts), request, prediction).ok());
  EXPECT_EQ(prediction.assignment.split, 0U) << "nobody counts";
  parts.split = 7;
  std::set<int> arms;
  for (const std::string key : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    request.key = key;
    ASSERT_TRUE(predictor.Predict(*Snapshot(parts), request, prediction).ok());
    const Assignment& assignment = prediction.assignment;
    EXPECT_EQ(assignment.split, 7U);
    EXPECT_EQ(assignment.unit, UnitOfKey(3, key));
    EXPECT_EQ(assignment.arm, DrawOfKey(3, key) < 0.5 ? 1 : 0);
    EXPECT_EQ(prediction.version, "1.0.0") << "the challenger has no answer";
    EXPECT_EQ(assignment.failed, assignment.arm == 1) << "and counts as the one that was asked";
    EXPECT_TRUE(assignment.answered && assignment.timed);
    arms.insert(assignment.arm);
  }
  EXPECT_EQ(arms.size(), 2U);
}

TEST(Predictor, ARequestThatNobodyCanAnswerIsOnlyCounted) {
  const VirtualClock clock(kDay);
  Predictor predictor(clock, 1);
  SnapshotParts parts = Parts();
  parts.champion.model = Constant(2, NAN);
  parts.challengers = {{{"1.1.0", Constant(2, NAN)}, 0.5}};
  parts.split = 7;
  Prediction prediction;
  EXPECT_FALSE(predictor.PredictRow(*Snapshot(parts), std::vector<double>{1, 2}, prediction).ok());
  EXPECT_EQ(prediction.assignment.split, 7U);
  EXPECT_TRUE(prediction.assignment.failed);
  EXPECT_FALSE(prediction.assignment.answered);
  EXPECT_FALSE(predictor.PredictRow(*Snapshot(parts), std::vector<double>{1}, prediction).ok());
  EXPECT_EQ(prediction.assignment.split, 0U) << "it does not fit the model and was assigned to nobody";
}

}  // namespace
}  // namespace hone
