#include "serving/snapshot.h"

#include <gtest/gtest.h>

#include <string>

#include "serving/router.h"
#include "serving/testing/constant_model.h"

namespace hone {
namespace {

using testing_models::Constant;
using testing_models::Multiples;

SnapshotParts WholeParts() {
  SnapshotParts parts;
  parts.model = "vol";
  parts.features = {"b", "a", "c"};
  parts.champion = {"1.0.0", Constant(3, 1)};
  return parts;
}

std::string ErrorOf(SnapshotParts parts) {
  const auto made = ModelSnapshot::Make(std::move(parts));
  return made.ok() ? "" : made.error().ToString();
}

TEST(ModelSnapshot, FindsColumnsByNameWhateverTheHint) {
  const SnapshotPointer snapshot = ModelSnapshot::Make(WholeParts()).value();
  for (const std::size_t hint : {0, 1, 2, 3, 1000}) {
    EXPECT_EQ(snapshot->ColumnOf("b", hint), 0);
    EXPECT_EQ(snapshot->ColumnOf("a", hint), 1);
    EXPECT_EQ(snapshot->ColumnOf("c", hint), 2);
    EXPECT_EQ(snapshot->ColumnOf("", hint), -1);
    EXPECT_EQ(snapshot->ColumnOf("d", hint), -1);
  }
}

TEST(ModelSnapshot, RefusesPartsThatDoNotFit) {
  EXPECT_EQ(ErrorOf(WholeParts()), "");
  SnapshotParts parts = WholeParts();
  parts.features = {};
  EXPECT_EQ(ErrorOf(parts), "model vol: needs 1 to 4096 features, has 0");
  parts.features = {"a", "b", "a"};
  EXPECT_EQ(ErrorOf(parts), "model vol: feature a stands twice");
  parts.features = {"a", "b"};
  EXPECT_EQ(ErrorOf(parts), "model vol: version 1.0.0 takes 3 features, the model has 2");
  parts = WholeParts();
  parts.champion.model = nullptr;
  EXPECT_EQ(ErrorOf(parts), "model vol: version 1.0.0 has no model");
  parts = WholeParts();
  parts.shadows = {{"1.0.0", Constant(3, 2)}};
  EXPECT_EQ(ErrorOf(parts), "model vol: version 1.0.0 stands twice");
  parts = WholeParts();
  parts.champion.version = kPersistenceVersion;
  EXPECT_NE(ErrorOf(parts), "");
  parts = WholeParts();
  parts.shadows = {{"1.1.0", Multiples(3, 2)}};
  EXPECT_EQ(ErrorOf(parts), "model vol: version 1.1.0 answers 2 numbers, the champion 1");
  parts = WholeParts();
  parts.champion.model = Multiples(3, 2);
  EXPECT_EQ(ErrorOf(parts), "");
  parts.fallback = 0;
  EXPECT_EQ(ErrorOf(parts), "model vol: no column can stand for an answer of several numbers");
  parts = WholeParts();
  for (const double share : {0.0, -0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    parts.challengers = {{{"1.1.0", Constant(3, 2)}, share}};
    EXPECT_NE(ErrorOf(parts).find("share must be within (0, 1]"), std::string::npos);
  }
  parts = WholeParts();
  parts.fallback = 3;
  EXPECT_EQ(ErrorOf(parts), "model vol: column 3 of the fallback is beyond the 3 features");
  parts = WholeParts();
  parts.range = {2, 1};
  EXPECT_EQ(ErrorOf(parts), "model vol: the range of answers [2, 1] is empty");
}

TEST(AnswerRange, HoldsOnlyFiniteNumbersWithinIt) {
  const AnswerRange any;
  EXPECT_TRUE(any.Contains(1e300));
  EXPECT_FALSE(any.Contains(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(any.Contains(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_TRUE((AnswerRange{1, 2}.Contains(2)));
  EXPECT_FALSE((AnswerRange{1, 2}.Contains(2.1)));
}

TEST(Router, WithoutCanaryTheChampionAlwaysAnswers) {
  const SnapshotPointer snapshot = ModelSnapshot::Make(WholeParts()).value();
  const Route route = RouteTo(*snapshot, ChallengerOf(*snapshot, 0.999));
  EXPECT_EQ(route.model, snapshot->champion().model.get());
  EXPECT_EQ(*route.version, "1.0.0");
  EXPECT_EQ(route.role, Role::kChampion);
  EXPECT_EQ(route.propensity, 1);
}

TEST(Router, TheCanaryGetsItsShareWithThePropensityRecorded) {
  SnapshotParts parts = WholeParts();
  parts.challengers = {{{"1.1.0", Constant(3, 2)}, 0.25}};
  const SnapshotPointer snapshot = ModelSnapshot::Make(parts).value();
  const Route canary = RouteTo(*snapshot, ChallengerOf(*snapshot, 0.2499));
  EXPECT_EQ(*canary.version, "1.1.0");
  EXPECT_EQ(canary.role, Role::kCanary);
  EXPECT_EQ(canary.propensity, 0.25);
  const Route champion = RouteTo(*snapshot, ChallengerOf(*snapshot, 0.25));
  EXPECT_EQ(*champion.version, "1.0.0");
  EXPECT_EQ(champion.propensity, 0.75);
  EXPECT_EQ(RouteWithoutChallengers(*snapshot).propensity, 1);
}

TEST(Router, WhileFrozenPersistenceStandsInForTheChampion) {
  SnapshotParts parts = WholeParts();
  parts.fallback = 1;
  parts.challengers = {{{"1.1.0", Constant(3, 2)}, 0.5}};
  const SnapshotPointer snapshot = ModelSnapshot::Make(parts).value();
  const Route fallback = RouteTo(*snapshot, ChallengerOf(*snapshot, 0.7));
  EXPECT_EQ(fallback.model, nullptr);
  EXPECT_EQ(*fallback.version, "persistence");
  EXPECT_EQ(fallback.role, Role::kFallback);
  EXPECT_EQ(fallback.propensity, 0.5);
  EXPECT_EQ(RouteTo(*snapshot, ChallengerOf(*snapshot, 0.1)).role, Role::kCanary);
}

TEST(Router, ChallengersGetTheirSharesAndTheChampionTheRest) {
  SnapshotParts parts = WholeParts();
  parts.challengers = {{{"1.1.0", Constant(3, 2)}, 0.25}, {{"1.2.0", Constant(3, 3)}, 0.5}};
  const SnapshotPointer snapshot = ModelSnapshot::Make(parts).value();
  EXPECT_EQ(*RouteTo(*snapshot, ChallengerOf(*snapshot, 0.2499)).version, "1.1.0");
  const Route second = RouteTo(*snapshot, ChallengerOf(*snapshot, 0.25));
  EXPECT_EQ(*second.version, "1.2.0");
  EXPECT_EQ(second.propensity, 0.5);
  const Route rest = RouteTo(*snapshot, ChallengerOf(*snapshot, 0.75));
  EXPECT_EQ(*rest.version, "1.0.0");
  EXPECT_EQ(rest.propensity, 0.25);
  parts.challengers.front().share = 0.6;
  EXPECT_FALSE(ModelSnapshot::Make(parts).ok()) << "1.1 together";
}

TEST(DrawOfKey, IsUniformOverKeysAndAnotherForAnotherSalt) {
  constexpr int kKeys = 20'000;
  int below = 0, both = 0;
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = "account-" + std::to_string(i);
    const bool first = DrawOfKey(1, key) < 0.25;
    EXPECT_EQ(DrawOfKey(1, key), DrawOfKey(1, key));
    below += first ? 1 : 0;
    both += first && DrawOfKey(2, key) < 0.25 ? 1 : 0;
  }
  EXPECT_NEAR(below, kKeys * 0.25, 5 * 61) << "five standard deviations";
  EXPECT_NEAR(both, kKeys * 0.0625, 5 * 34) << "salts are independent";
}

}  // namespace
}  // namespace hone
