#include "outcomes/outcome_join.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace hone {
namespace {

Duration FiveDays(const std::string&) { return 5 * kDay; }

struct Stream {
  std::vector<Prediction> predictions;
  std::vector<Outcome> outcomes;
};

Stream Sample(int count) {
  Stream stream;
  IdGenerator ids(1);
  for (int i = 0; i < count; ++i) {
    Prediction row;
    row.time = i * kDay;
    row.id = ids.Next(row.time);
    row.model = "volatility";
    row.value = i;
    stream.outcomes.push_back({row.id, static_cast<double>(i), row.time + 5 * kDay});
    stream.predictions.push_back(std::move(row));
  }
  return stream;
}

std::vector<double> Values(const std::vector<MaturedPrediction>& pairs) {
  std::vector<double> values;
  for (const auto& pair : pairs) values.push_back(pair.outcome.value);
  return values;
}

TEST(OutcomeJoin, GivesEachPairOnceWhenMature) {
  const Stream stream = Sample(3);
  OutcomeJoin join(FiveDays);
  for (const auto& row : stream.predictions) join.AddPrediction(row);
  for (const auto& row : stream.outcomes) EXPECT_EQ(join.AddOutcome(row), OutcomeArrival::kJoined);
  EXPECT_TRUE(join.TakeMature(5 * kDay - 1).empty());
  EXPECT_EQ(Values(join.TakeMature(6 * kDay)), (std::vector<double>{0, 1}));
  EXPECT_TRUE(join.TakeMature(6 * kDay).empty());
  EXPECT_EQ(Values(join.TakeMature(100 * kDay)), std::vector<double>{2});
}

TEST(OutcomeJoin, AnEarlyOutcomeWaitsForItsPredictionAndItsHorizon) {
  const Stream stream = Sample(1);
  OutcomeJoin join(FiveDays);
  Outcome early = stream.outcomes[0];
  early.time = 0;
  EXPECT_EQ(join.AddOutcome(early), OutcomeArrival::kEarly);
  EXPECT_TRUE(join.TakeMature(100 * kDay).empty());
  join.AddPrediction(stream.predictions[0]);
  EXPECT_TRUE(join.TakeMature(5 * kDay - 1).empty());
  EXPECT_EQ(join.TakeMature(5 * kDay).size(), 1U);
}

TEST(OutcomeJoin, DoublesChangeNothingEvenAfterwards) {
  const Stream stream = Sample(1);
  OutcomeJoin join(FiveDays);
  join.AddPrediction(stream.predictions[0]);
  EXPECT_EQ(join.AddOutcome(stream.outcomes[0]), OutcomeArrival::kJoined);
  Outcome other = stream.outcomes[0];
  other.value = 99;
  EXPECT_EQ(join.AddOutcome(other), OutcomeArrival::kDoubled);
  EXPECT_EQ(Values(join.TakeMature(9 * kDay)), std::vector<double>{0});
  EXPECT_EQ(join.AddOutcome(other), OutcomeArrival::kDoubled);
  join.AddPrediction(stream.predictions[0]);
  EXPECT_TRUE(join.TakeMature(9 * kDay).empty());
}

TEST(OutcomeJoin, TheOrderOfArrivalDoesNotShow) {
  const Stream stream = Sample(200);
  std::vector<double> expected;
  for (int i = 0; i < 200; ++i) expected.push_back(i);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    Stream shuffled = stream;
    for (std::size_t i = 0; i < 50; ++i) shuffled.outcomes.push_back(stream.outcomes[i * 2]);
    Shuffle(shuffled.predictions, random);
    Shuffle(shuffled.outcomes, random);
    OutcomeJoin join(FiveDays);
    for (std::size_t i = 0; i < shuffled.outcomes.size(); ++i) {
      join.AddOutcome(shuffled.outcomes[i]);
      if (i < shuffled.predictions.size()) join.AddPrediction(shuffled.predictions[i]);
    }
    ASSERT_EQ(Values(join.TakeMature(1000 * kDay)), expected);
  }
}

TEST(OutcomeJoin, ForgetBoundsWhatWaits) {
  const Stream stream = Sample(10);
  OutcomeJoin join(FiveDays);
  for (const auto& row : stream.predictions) join.AddPrediction(row);
  for (int i = 0; i < 4; ++i) join.AddOutcome(stream.outcomes[static_cast<std::size_t>(i)]);
  EXPECT_EQ(join.TakeMature(6 * kDay).size(), 2U);
  EXPECT_EQ(join.Forget(7 * kDay), 3U);  // 4, 5 and 6 never had an outcome
  EXPECT_EQ(join.size(), 3U);
  EXPECT_TRUE(join.TakeMature(1000 * kDay).empty());
}

}  // namespace
}  // namespace hone
