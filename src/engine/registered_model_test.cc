#include "engine/registered_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/traffic_split.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;

constexpr Time kBegin = 1'700'000'000 * kSecond;

std::string ConstantTree(const char* answer) {
  return std::string("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=0\n") +
         "objective=regression\nfeature_names=x\ntree_sizes=10\n\nTree=0\nnum_leaves=1\nleaf_value=" + answer +
         "\n\nend of trees\n";
}

// "vol" has 1.0.0, active, and 1.1.0.
class AbTestDecisions : public testing::Test {
 protected:
  AbTestDecisions() : store_(LiveStore::Open(folder_.path()).value()) {
    for (const char* answer : {"1", "2"}) {
      const auto record = RegisterModelFile(store_->versions, store_->artifacts,
                                            {"vol", ConstantTree(answer), "vol.txt", std::nullopt, kBegin});
      EXPECT_TRUE(record.ok()) << record.error().ToString();
    }
    EXPECT_TRUE(store_->versions.Activate("vol", "1.0.0").ok());
  }

  void Split(double first, double second, Time now) {
    std::vector<AbArm> arms = {{"1.0.0", first}};
    if (second > 0) arms.push_back({"1.1.0", second});
    const auto test = SplitTraffic(*store_, ids_, now, "vol", arms);
    ASSERT_TRUE(test.ok()) << test.error().ToString();
  }
  // `version` answered; the outcome, where there is one, was `error` less.
  void Answered(const std::string& version, Time time, std::optional<double> error) {
    Prediction prediction;
    prediction.id = ids_.Next(time);
    prediction.time = time;
    prediction.model = "vol";
    prediction.version = version;
    prediction.features = {0};
    prediction.value = 1;
    ASSERT_TRUE(store_->predictions.Append({&prediction, 1}).ok());
    if (!error) return;
    const Outcome outcome{prediction.id, 1 - *error, time};
    ASSERT_TRUE(store_->outcomes.Append({&outcome, 1}).ok());
  }
  std::vector<Decision> Decisions() { return store_->decisions.List({.model = "vol"}).value(); }
  std::vector<std::string> Kinds() {
    std::vector<std::string> kinds;
    for (const Decision& decision : Decisions()) kinds.emplace_back(DecisionKindName(decision.kind));
    return kinds;
  }

  TemporaryFolder folder_;
  std::unique_ptr<LiveStore> store_;
  IdGenerator ids_{1};
};

TEST_F(AbTestDecisions, TheWinnersPromotionRestsOnWhatEachArmDid) {
  Answered("1.0.0", kBegin, 9.0);  // before the test
  Split(0.75, 0.25, kBegin + kSecond);
  Answered("1.0.0", kBegin + 2 * kSecond, 0.5);
  Answered("1.0.0", kBegin + 3 * kSecond, 1.5);
  Answered("1.0.0", kBegin + 4 * kSecond, std::nullopt);
  Answered("1.1.0", kBegin + 5 * kSecond, 0.25);
  ASSERT_TRUE(PromoteRegistered(*store_, ids_, kBegin + 6 * kSecond, "vol", "1.1.0").ok());
  EXPECT_THAT(Kinds(), ElementsAre("start_ab_test", "end_ab_test", "promote"));
  const std::vector<Decision> decisions = Decisions();
  const Json started = Json::parse(decisions[0].evidence), ended = Json::parse(decisions[1].evidence);
  const Json promoted = Json::parse(decisions[2].evidence);
  EXPECT_EQ(decisions[0].version, "1.1.0");
  EXPECT_EQ(decisions[0].reason, "an operator split the traffic: 1.0.0 0.75, 1.1.0 0.25");
  EXPECT_EQ(started["champion"], "1.0.0");
  EXPECT_EQ(started["ab_test"]["arms"],
            Json::parse(R"([{"version":"1.0.0","share":0.75},{"version":"1.1.0","share":0.25}])"));
  EXPECT_EQ(decisions[1].reason, "the A/B test ended: an operator promoted 1.1.0");
  EXPECT_EQ(promoted["from"], "1.0.0");
  EXPECT_EQ(promoted["ab_test"], ended["ab_test"]);
  EXPECT_EQ(ended["ab_test"]["id"], started["ab_test"]["id"]);
  EXPECT_EQ(ended["ab_test"]["started"], FormatTime(kBegin + kSecond));
  EXPECT_EQ(ended["ab_test"]["looked_at"], 4);
  EXPECT_EQ(ended["ab_test"]["arms"],
            Json::parse(R"([{"version":"1.0.0","share":0.75,"answered":3,"outcomes":2,"mean_squared_error":1.25},)"
                        R"({"version":"1.1.0","share":0.25,"answered":1,"outcomes":1,"mean_squared_error":0.0625}])"));
}

TEST_F(AbTestDecisions, AnotherSplitAndTheEndByHandEndTheOneThatRan) {
  Split(1, 0, kBegin);  // ends nothing
  EXPECT_TRUE(Decisions().empty());
  Split(0.9, 0.1, kBegin + kSecond);
  Split(0.5, 0.5, kBegin + 2 * kSecond);
  Split(1, 0, kBegin + 3 * kSecond);
  EXPECT_THAT(Kinds(), ElementsAre("start_ab_test", "end_ab_test", "start_ab_test", "end_ab_test"));
  const std::vector<Decision> decisions = Decisions();
  EXPECT_EQ(decisions[1].reason, "the A/B test ended: an operator split the traffic anew");
  EXPECT_EQ(decisions[3].reason, "the A/B test ended: an operator gave 1.0.0 all traffic");
  EXPECT_FALSE(Json::parse(decisions[3].evidence)["ab_test"]["arms"][0].contains("mean_squared_error"));
}

TEST_F(AbTestDecisions, ARollBackEndsItToo) {
  ASSERT_TRUE(PromoteRegistered(*store_, ids_, kBegin, "vol", "1.1.0").ok());
  EXPECT_FALSE(Json::parse(Decisions()[0].evidence).contains("ab_test")) << "none ran";
  Split(0.5, 0.5, kBegin + kSecond);
  ASSERT_TRUE(RollBackRegistered(*store_, ids_, kBegin + 2 * kSecond, "vol", "").ok());
  EXPECT_THAT(Kinds(), ElementsAre("promote", "start_ab_test", "end_ab_test", "roll_back"));
  EXPECT_FALSE(store_->ab_tests.Running("vol").value().has_value());
}

}  // namespace
}  // namespace hone
