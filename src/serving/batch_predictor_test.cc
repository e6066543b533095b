#include "serving/batch_predictor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "base/testing/allocation_count.h"
#include "serving/predictor.h"
#include "serving/testing/constant_model.h"

namespace hone {
namespace {

using testing_models::Constant;
using testing_models::Ensemble;
using testing_models::Multiples;

SnapshotParts BatchParts() {
  SnapshotParts parts;
  parts.model = "vol";
  parts.features = {"price_return", "rsi_14"};
  parts.champion = {"1.0.0", Constant(2, 100, 1)};
  return parts;
}

SnapshotPointer MakeSnapshot(SnapshotParts parts) { return ModelSnapshot::Make(std::move(parts)).value(); }

// Rows {0, -0}, {1, -1}, {2, -2} ...
void Fill(PredictionBatch& batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch.rows()[2 * i] = static_cast<double>(i);
    batch.rows()[2 * i + 1] = -static_cast<double>(i);
  }
}

class BatchPredictorTest : public testing::Test {
 protected:
  void Ask(SnapshotParts parts, std::size_t rows) {
    batch_.Begin(MakeSnapshot(std::move(parts)), rows);
    Fill(batch_);
    predictor_.Predict(batch_);
  }

  VirtualClock clock_{1'700'000'000 * kSecond};
  BatchPredictor predictor_{clock_, 1};
  PredictionBatch batch_;
};

TEST_F(BatchPredictorTest, TheChampionAnswersEveryRow) {
  Ask(BatchParts(), 50);
  ASSERT_EQ(batch_.answers().size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(batch_.answer(i)[0], 100 + static_cast<double>(i));
    EXPECT_EQ(batch_.route(i).role, Role::kChampion);
    EXPECT_EQ(batch_.route(i).propensity, 1);
  }
  EXPECT_EQ(*batch_.version(), "1.0.0");
}

TEST_F(BatchPredictorTest, NoRows) {
  Ask(BatchParts(), 0);
  EXPECT_TRUE(batch_.answers().empty());
  EXPECT_EQ(batch_.version(), nullptr);
  PredictionRing ring(4);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kRoom);
}

TEST_F(BatchPredictorTest, TheWholeAnswerOfSeveralOutputs) {
  SnapshotParts parts = BatchParts();
  parts.champion.model = Multiples(2, 3);
  Ask(parts, 4);
  EXPECT_EQ(std::vector<double>(batch_.answer(3).begin(), batch_.answer(3).end()), (std::vector<double>{3, 6, 9}));
  Prediction prediction;
  batch_.FillRecord(3, prediction);
  EXPECT_EQ(prediction.value, 3);
  EXPECT_EQ(prediction.values, (std::vector<double>{3, 6, 9}));
}

TEST_F(BatchPredictorTest, TheCanaryAnswersItsShareOfTheRows) {
  SnapshotParts parts = BatchParts();
  parts.challengers = {{{"1.1.0", Constant(2, 500, 1)}, 0.25}};
  Ask(parts, 4000);
  std::size_t canary = 0;
  for (std::size_t i = 0; i < 4000; ++i) {
    const bool mine = batch_.route(i).role == Role::kCanary;
    canary += mine ? 1 : 0;
    EXPECT_EQ(batch_.answer(i)[0], (mine ? 500 : 100) + static_cast<double>(i));
    EXPECT_EQ(*batch_.route(i).version, mine ? "1.1.0" : "1.0.0");
    EXPECT_EQ(batch_.route(i).propensity, mine ? 0.25 : 0.75);
  }
  EXPECT_NEAR(static_cast<double>(canary), 1000, 140) << "five standard deviations";
  EXPECT_EQ(batch_.version(), nullptr);
}

TEST_F(BatchPredictorTest, ACanaryWithoutAnAnswerIsReplacedByTheChampion) {
  SnapshotParts parts = BatchParts();
  parts.challengers = {{{"1.1.0", Constant(2, NAN)}, 0.5}};
  Ask(parts, 200);
  std::set<double> propensities;
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(batch_.answer(i)[0], 100 + static_cast<double>(i));
    EXPECT_EQ(batch_.route(i).role, Role::kChampion);
    propensities.insert(batch_.route(i).propensity);
  }
  EXPECT_EQ(propensities, (std::set<double>{0.5, 1})) << "drawn for it, and passed on to it";
}

TEST_F(BatchPredictorTest, AFrozenModelAnswersByItsColumn) {
  SnapshotParts parts = BatchParts();
  parts.fallback = 1;
  parts.challengers = {{{"1.1.0", Constant(2, 500)}, 0.5}};
  Ask(parts, 100);
  std::size_t fallback = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    if (batch_.route(i).role != Role::kFallback) continue;
    ++fallback;
    EXPECT_EQ(batch_.answer(i)[0], -static_cast<double>(i));
    EXPECT_EQ(*batch_.route(i).version, kPersistenceVersion);
  }
  EXPECT_GT(fallback, 20U);
  EXPECT_LT(fallback, 80U);
}

TEST_F(BatchPredictorTest, ARowWithoutAFiniteAnswerIsNanThroughoutAndNotLogged) {
  SnapshotParts parts = BatchParts();
  parts.champion.model = Multiples(2, 2);
  batch_.Begin(MakeSnapshot(parts), 3);
  Fill(batch_);
  batch_.rows()[2] = 1e308;  // its double is infinite
  predictor_.Predict(batch_);
  EXPECT_TRUE(batch_.answered(0));
  EXPECT_FALSE(batch_.answered(1));
  EXPECT_TRUE(std::isnan(batch_.answer(1)[0]) && std::isnan(batch_.answer(1)[1]));
  PredictionRing ring(8);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kRoom);
  EXPECT_EQ(ring.size(), 2U);
  EXPECT_EQ(batch_.ids()[1], Id());
}

TEST_F(BatchPredictorTest, AStatedVersionAnswersWhateverTheRouting) {
  SnapshotParts parts = BatchParts();
  parts.challengers = {{{"1.1.0", Constant(2, 500)}, 1}};
  parts.shadows = {{"1.2.0", Constant(2, 7)}};
  const SnapshotPointer snapshot = MakeSnapshot(parts);
  EXPECT_EQ(snapshot->FindVersion("1.3.0"), nullptr);
  for (const auto& [version, value] : {std::pair{"1.0.0", 100.0}, std::pair{"1.1.0", 500.0}, std::pair{"1.2.0", 7.0}}) {
    batch_.Begin(snapshot, 1);
    Fill(batch_);
    predictor_.PredictWith(*snapshot->FindVersion(version), batch_);
    EXPECT_EQ(batch_.answer(0)[0], value);
    EXPECT_EQ(*batch_.version(), version);
  }
}

// The ring has room for four of ten: what is in stays in, the rest goes in later.
TEST_F(BatchPredictorTest, LoggingGoesOnWhereAFullRingStoppedIt) {
  Ask(BatchParts(), 10);
  PredictionRing ring(4);
  std::vector<Prediction> logged;
  const auto drain = [&] {
    for (Prediction taken; ring.TakeInto(taken);) logged.push_back(taken);
  };
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kWait);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kWait);
  drain();
  EXPECT_EQ(logged.size(), 4U);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kWait);
  drain();
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kRoom);
  drain();
  ASSERT_EQ(logged.size(), 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(logged[i].id, batch_.ids()[i]);
    EXPECT_EQ(logged[i].id.time(), clock_.Now());
    EXPECT_EQ(logged[i].time, clock_.Now());
    EXPECT_EQ(logged[i].model, "vol");
    EXPECT_EQ(logged[i].version, "1.0.0");
    EXPECT_EQ(logged[i].features, (std::vector<double>{static_cast<double>(i), -static_cast<double>(i)}));
    EXPECT_EQ(logged[i].value, 100 + static_cast<double>(i));
    EXPECT_TRUE(logged[i].values.empty());
    EXPECT_TRUE(i == 0 || logged[i - 1].id < logged[i].id);
  }
}

TEST_F(BatchPredictorTest, ARingThatStaysFullIsAnOverload) {
  Ask(BatchParts(), 3);
  PredictionRing ring(2);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kWait);
  clock_.AdvanceTo(clock_.Now() + kSecond);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kOverload);
}

TEST_F(BatchPredictorTest, AllocatesNothingOnceItIsWarm) {
  SnapshotParts parts = BatchParts();
  parts.challengers = {{{"1.1.0", Constant(2, 500)}, 0.5}};
  const SnapshotPointer snapshot = MakeSnapshot(parts);
  PredictionRing ring(64);
  Prediction taken;
  const auto ask = [&] {
    batch_.Begin(snapshot, 50);
    Fill(batch_);
    predictor_.Predict(batch_);
    EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kRoom);
    while (ring.TakeInto(taken)) continue;
  };
  for (int i = 0; i < 50; ++i) ask();
  const std::int64_t before = AllocationCount();
  for (int i = 0; i < 20; ++i) ask();
  EXPECT_EQ(AllocationCount(), before);
}

TEST_F(BatchPredictorTest, AnEnsemblesRowsAreThoseOfThePredictor) {
  SnapshotParts parts = BatchParts();
  parts.champion.model = Ensemble(EnsembleRule::kMajority, {Constant(2, -50, 1), Constant(2, 3), Constant(2, -9)});
  Ask(parts, 200);
  Predictor one(clock_, 1);
  Prediction prediction;
  for (std::size_t i = 0; i < 200; ++i) {
    ASSERT_TRUE(one.PredictRow(batch_.snapshot(), batch_.row(i), prediction).ok());
    EXPECT_EQ(batch_.answer(i)[0], prediction.value);
    EXPECT_EQ(std::vector<double>(batch_.votes(i).begin(), batch_.votes(i).end()), prediction.votes);
  }
  prediction.votes = {1};
  batch_.FillRecord(0, prediction);
  EXPECT_TRUE(prediction.votes.empty()) << "a slot of the ring is used again";
  Ask(BatchParts(), 3);
  EXPECT_TRUE(batch_.votes(2).empty());
}

TEST_F(BatchPredictorTest, RowsFromWhichACanaryAbstainsStayItsOwnAndAreNotLogged) {
  SnapshotParts parts = BatchParts();
  const auto members = {Constant(2, 1), Constant(2, -99.5, 1)};  // disagree below row 100
  parts.challengers = {{{"1.1.0", Ensemble(EnsembleRule::kUnanimous, members)}, 0.5}};
  Ask(parts, 200);
  std::size_t abstained = 0, agreed = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const bool ensemble = *batch_.route(i).version == "1.1.0";
    EXPECT_EQ(batch_.votes(i).size(), ensemble ? 2U : 0U);
    EXPECT_EQ(batch_.answered(i), !ensemble || i >= 100) << i;
    (i < 100 ? abstained : agreed) += ensemble ? 1 : 0;
  }
  EXPECT_GT(abstained, 20U);
  EXPECT_GT(agreed, 20U);
  PredictionRing ring(256);
  EXPECT_EQ(predictor_.Log(batch_, ring), RingState::kRoom);
  std::size_t logged = 0;
  for (Prediction taken; ring.TakeInto(taken);) ++logged;
  EXPECT_EQ(logged, 200 - abstained);
}

TEST_F(BatchPredictorTest, OfAKeyOneVersionAnswersEveryRowTheOneOfASingleRequest) {
  SnapshotParts parts = BatchParts();
  parts.challengers = {{{"1.1.0", Constant(2, 5)}, 0.3}, {{"1.2.0", Constant(2, 6)}, 0.3}};
  parts.salt = 9;
  const SnapshotPointer snapshot = MakeSnapshot(parts);
  std::set<std::string> answered;
  for (const std::string key : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    batch_.Begin(snapshot, 20);
    Fill(batch_);
    predictor_.Predict(batch_, key);
    const Route route = RouteTo(*snapshot, ChallengerOf(*snapshot, DrawOfKey(9, key)));
    ASSERT_NE(batch_.version(), nullptr);
    EXPECT_EQ(*batch_.version(), *route.version);
    EXPECT_EQ(batch_.route(7).propensity, route.propensity);
    answered.insert(*batch_.version());
  }
  EXPECT_EQ(answered.size(), 3U);
}

TEST_F(BatchPredictorTest, WhereTrafficIsSplitEveryRowTellsWhomItWasAssignedTo) {
  SnapshotParts parts = BatchParts();
  parts.challengers = {{{"1.1.0", Constant(2, NAN)}, 0.3}, {{"1.2.0", Constant(2, 6)}, 0.3}};
  parts.champion.model = Multiples(2, 1);
  parts.split = 7;
  batch_.Begin(MakeSnapshot(parts), 200);
  Fill(batch_);
  for (std::size_t i = 0; i < 200; i += 10) batch_.rows()[2 * i] = NAN;  // nobody has an answer to these
  predictor_.Predict(batch_);
  PredictionRing ring(256);
  ASSERT_EQ(predictor_.Log(batch_, ring), RingState::kRoom);
  int arms[3] = {}, unanswered = 0;
  Prediction taken;
  for (std::size_t i = 0; ring.TakeInto(taken); ++i) {
    const Assignment& assignment = taken.assignment;
    ASSERT_LT(assignment.arm, 3);
    ++arms[assignment.arm];
    EXPECT_EQ(assignment.split, 7U);
    EXPECT_FALSE(assignment.timed);
    EXPECT_EQ(assignment.answered, batch_.answered(i));
    EXPECT_EQ(assignment.failed, assignment.arm == 1 || i % 10 == 0);
    EXPECT_EQ(assignment.arm == 2 && i % 10 != 0, taken.version == "1.2.0");
    unanswered += assignment.answered ? 0 : 1;
    EXPECT_EQ(assignment.answered, batch_.ids()[i] == taken.id);
  }
  EXPECT_EQ(arms[0] + arms[1] + arms[2], 200) << "each row, answered or not";
  EXPECT_GT(unanswered, 0);
  EXPECT_GT(std::min({arms[0], arms[1], arms[2]}), 30);
}

}  // namespace
}  // namespace hone
