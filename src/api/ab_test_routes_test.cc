#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "api/ab_test_request.h"
#include "api/testing/served_models_test.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_api::ServedModels;
using testing_api::XgboostStumps;

// "one" has 1.0.0 (active) and 1.1.0, which answer the same.
class AbTestRoute : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(Register("one", XgboostStumps(R"(["a","b"])", "0", "reg:squarederror")).status, 200);
  }
  HttpAnswer Register(const std::string& name, const std::string& file) {
    JsonWriter json;
    json.BeginMap().Member("name", name).Member("content", file).EndMap();
    return served_.Post("/models/register", json.Take());
  }
  HttpAnswer Split(const std::string& shares, const HttpHeaders& headers = {}) {
    return served_.Post("/models/ab-test", R"({"model":"one","split":{)" + shares + "}}", headers);
  }
  std::string VersionFor(const std::string& key) {
    const auto json =
        ParseJson(served_.Post("/predict/single", R"({"model":"one","features":[1,0.4],"key":")" + key + R"("})").body);
    return json.ok() ? json->Find("version")->text : "";
  }

  ServedModels served_;
};

TEST_F(AbTestRoute, SplitsTrafficByKeyUntilAVersionIsPromoted) {
  const HttpAnswer begun = Split(R"("1.1.0":0.5,"1.0.0":0.5)");
  ASSERT_EQ(begun.status, 200) << begun.body;
  EXPECT_THAT(begun.body, HasSubstr(R"("split":[{"version":"1.0.0","share":0.5},{"version":"1.1.0","share":0.5}])"));
  int second = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string key = "account-" + std::to_string(i), version = VersionFor(key);
    EXPECT_EQ(VersionFor(key), version);
    second += version == "1.1.0" ? 1 : 0;
  }
  EXPECT_GT(second, 10);
  EXPECT_LT(second, 50);
  EXPECT_THAT(served_.Post("/predict/single", R"({"model":"one","features":[1,0.4]})").body,
              HasSubstr(R"("propensity":0.5)"));
  EXPECT_THAT(served_.Get("/models/summary").body, HasSubstr(R"("ab_test":{"id":")"));
  EXPECT_THAT(served_.Get("/model/status").body,
              HasSubstr(R"("canary":null,"ab_test":[{"version":"1.1.0","share":0.5}])"));
  ASSERT_EQ(served_.Post("/models/promote-winner", R"({"model":"one","version":"1.1.0"})").status, 200);
  EXPECT_THAT(served_.Get("/models/summary").body, Not(HasSubstr(R"("ab_test":{)")));
  EXPECT_EQ(VersionFor("account-1"), "1.1.0");
  EXPECT_EQ(VersionFor("account-2"), "1.1.0");
}

// A key that 1.1.0 answered at a tenth of the traffic stays with it at half.
TEST_F(AbTestRoute, AnotherShareMovesOnlyTheKeysItMust) {
  ASSERT_EQ(Split(R"("1.0.0":0.9,"1.1.0":0.1)").status, 200);
  std::vector<std::string> early;
  for (int i = 0; i < 60; ++i) {
    const std::string key = "account-" + std::to_string(i);
    if (VersionFor(key) == "1.1.0") early.push_back(key);
  }
  ASSERT_FALSE(early.empty());
  ASSERT_EQ(Split(R"("1.0.0":0.5,"1.1.0":0.5)").status, 200);
  for (const std::string& key : early) EXPECT_EQ(VersionFor(key), "1.1.0") << key;
  const HttpAnswer ended = Split(R"("1.0.0":1)");
  EXPECT_EQ(ended.body, R"({"model":"one","ab_test":null})");
  for (const std::string& key : early) EXPECT_EQ(VersionFor(key), "1.0.0") << key;
}

TEST_F(AbTestRoute, RefusalsNameWhatIsWrong) {
  const auto refused = [this](const std::string& shares, int status, const std::string& names) {
    const HttpAnswer answer = Split(shares);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(names));
  };
  refused("", 400, "1 to 8 versions");
  refused(R"("1.0.0":0)", 400, "(0, 1]");
  refused(R"("1.0.0":"half")", 400, "split.1.0.0");
  refused(R"("latest":1)", 400, "split.latest");
  refused(R"("1.0.0":0.5,"1.1.0":0.4)", 409, "must be 1 together, are 0.9");
  refused(R"("1.0.0":0.5,"9.0.0":0.5)", 404, "one has no version 9.0.0");
  refused(R"("1.1.0":1)", 409, "1.0.0, the active version, must have a share");
  ASSERT_EQ(Register("one", XgboostStumps(R"(["a","c"])", "0", "reg:squarederror")).status, 200);
  refused(R"("1.0.0":0.5,"2.0.0":0.5)", 409, "one 2.0.0 takes other features than 1.0.0");
  EXPECT_EQ(served_.Post("/models/ab-test", R"({"model":"none","split":{"1.0.0":1}})").status, 404);
  EXPECT_EQ(served_.Post("/models/ab-test", R"({"model":"one"})").status, 400);
  for (const char* days : {"0", "-1", "3651", "\"two\""}) {
    const HttpAnswer answer =
        served_.Post("/models/ab-test", R"({"model":"one","split":{"1.0.0":1},"days":)" + std::string(days) + "}");
    EXPECT_EQ(answer.status, 400) << days;
    EXPECT_THAT(answer.body, HasSubstr("days"));
  }
  EXPECT_THAT(served_.Get("/models/summary").body, Not(HasSubstr(R"("ab_test":{)")));
}

TEST_F(AbTestRoute, ASplitMayFollowABandit) {
  const auto begin = [this](const std::string& bandit) {
    return served_.Post("/models/ab-test",
                        R"({"model":"one","split":{"1.0.0":0.5,"1.1.0":0.5},"bandit":)" + bandit + "}");
  };
  EXPECT_EQ(begin(R"({"floor":0.1})").status, 400) << "low is required";
  EXPECT_EQ(begin(R"({"low":-1,"flor":0.1})").status, 400);
  EXPECT_EQ(begin("7").status, 400);
  const HttpAnswer refused = begin(R"({"low":-1,"floor":0.9})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("bandit.floor"));
  const HttpAnswer begun = begin(R"({"low":-1,"algorithm":"thompson_beta","minutes":5})");
  EXPECT_EQ(begun.status, 200) << begun.body;
  EXPECT_THAT(begun.body, HasSubstr(R"("bandit":"thompson_beta","round":0)"));
}

TEST_F(AbTestRoute, EndsByItselfWhenItsDaysHavePassed) {
  const HttpAnswer begun =
      served_.Post("/models/ab-test", R"({"model":"one","split":{"1.0.0":0.5,"1.1.0":0.5},"days":0.00001})");
  ASSERT_EQ(begun.status, 200) << begun.body;
  EXPECT_THAT(begun.body, HasSubstr(R"("deadline":"2)"));
  const auto runs = [this] { return served_.Get("/models/summary").body.find(R"("ab_test":{)") != std::string::npos; };
  for (int i = 0; i < 1000 && runs(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(runs());
  EXPECT_THAT(served_.Get("/models/one/decisions?kind=end_ab_test").body,
              HasSubstr(R"("reason":"the A/B test ended: its deadline has come")"));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(VersionFor("account-" + std::to_string(i)), "1.0.0");
}

// What they rest on: src/engine/registered_model_test.cc.
TEST_F(AbTestRoute, ItsStartAndItsEndAreDecisions) {
  ASSERT_EQ(Split(R"("1.0.0":0.9,"1.1.0":0.1)").status, 200);
  ASSERT_EQ(served_.Post("/models/promote-winner", R"({"model":"one","version":"1.1.0"})").status, 200);
  EXPECT_THAT(served_.Get("/models/one/decisions?kind=start_ab_test").body,
              HasSubstr(R"("version":"1.1.0","reason":"an operator split the traffic: 1.0.0 0.9, 1.1.0 0.1")"));
  EXPECT_THAT(served_.Get("/models/one/decisions?kind=end_ab_test").body,
              HasSubstr(R"("reason":"the A/B test ended: an operator promoted 1.1.0")"));
  EXPECT_THAT(served_.Get("/models/one/decisions?kind=promote").body, HasSubstr(R"("by":"operator","ab_test":{"id":)"));
}

TEST_F(AbTestRoute, TheSameKeyAndBodyIsCarriedOutOnce) {
  const HttpHeaders key = {{"Idempotency-Key", "split-1"}};
  const HttpAnswer first = Split(R"("1.0.0":0.5,"1.1.0":0.5)", key);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(Split(R"("1.0.0":0.5,"1.1.0":0.5)", key).body, first.body) << "the same test";
  EXPECT_EQ(Split(R"("1.0.0":0.4,"1.1.0":0.6)", key).status, 409);
}

}  // namespace
}  // namespace hone
