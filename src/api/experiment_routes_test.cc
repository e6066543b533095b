#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/testing/served_models_test.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing_api::ServedModels;
using testing_api::XgboostStumps;

// "one" has 1.0.0 (active) and 1.1.0, which answer the same.
class ExperimentRoutes : public testing::Test {
 protected:
  void SetUp() override {
    JsonWriter json;
    json.BeginMap().Member("name", "one");
    json.Member("content", XgboostStumps(R"(["a","b"])", "0", "reg:squarederror")).EndMap();
    ASSERT_EQ(served_.Post("/models/register", json.Take()).status, 200);
  }
  void Split() {
    const std::string body = R"({"model":"one","split":{"1.0.0":0.5,"1.1.0":0.5}})";
    ASSERT_EQ(served_.Post("/models/ab-test", body).status, 200);
  }
  void Ask(const std::string& key) {
    const std::string body = R"({"model":"one","features":[1,0.4],"key":")" + key + R"("})";
    ASSERT_EQ(served_.Post("/predict/single", body).status, 200);
  }
  JsonValue Experiments(const std::string& query = "") {
    const HttpAnswer answer = served_.Get("/api/v1/experiments" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return ParseJson(answer.body)->Find("experiments") == nullptr ? JsonValue()
                                                                  : *ParseJson(answer.body)->Find("experiments");
  }

  ServedModels served_;
};

TEST_F(ExperimentRoutes, AnAbTestTellsHowItStandsAndHowItEnded) {
  EXPECT_TRUE(Experiments().items.empty());
  Split();
  for (int i = 0; i < 40; ++i) Ask("account-" + std::to_string(i % 20));
  const std::string batch = R"({"model":"one","rows":[[1,0.4],[1,0.4],[1,0.4]]})";
  ASSERT_EQ(served_.Post("/predict/batch", batch).status, 200);
  const JsonValue running = Experiments("?state=running&kind=ab_test&model=one");
  ASSERT_EQ(running.items.size(), 1U);
  const JsonValue& test = running.items[0];
  EXPECT_EQ(test.Find("champion")->text, "1.0.0");
  EXPECT_EQ(test.Find("challengers")->items.at(0).text, "1.1.0");
  EXPECT_EQ(test.Find("verdict")->text, "no_data");
  EXPECT_EQ(test.Find("reason")->text, "too few outcomes are known");
  const JsonValue& arms = *test.Find("splits")->items.at(0).Find("arms");
  std::int64_t requests = 0, units = 0;
  for (const JsonValue& arm : arms.items) {
    requests += arm.Find("requests")->integer;
    units += arm.Find("units")->integer;
  }
  EXPECT_EQ(requests, 43);
  EXPECT_EQ(units, 23) << "twenty keys, and three rows drawn by themselves";
  const std::string id = test.Find("id")->text;
  ASSERT_EQ(served_.Post("/models/promote-winner", R"({"model":"one","version":"1.1.0"})").status, 200);
  EXPECT_TRUE(Experiments("?state=running").items.empty());
  const HttpAnswer ended = served_.Get("/api/v1/experiments/" + id);
  EXPECT_EQ(ended.status, 200);
  EXPECT_THAT(ended.body, HasSubstr(R"("state":"ended")"));
  EXPECT_THAT(ended.body, HasSubstr(R"("kind":"end_ab_test")"));
  EXPECT_THAT(ended.body, HasSubstr(R"("reason":"the A/B test ended: an operator promoted 1.1.0")"));
}

TEST_F(ExperimentRoutes, RefusalsNameWhatIsWrong) {
  EXPECT_EQ(served_.Get("/api/v1/experiments?state=old").status, 400);
  EXPECT_EQ(served_.Get("/api/v1/experiments?kind=test").status, 400);
  EXPECT_EQ(served_.Get("/api/v1/experiments?limit=0").status, 400);
  EXPECT_EQ(served_.Get("/api/v1/experiments?model=none").status, 404);
  EXPECT_EQ(served_.Get("/api/v1/experiments/01a00000-0000-7000-8000-000000000000").status, 404);
  EXPECT_EQ(served_.Get("/api/v1/experiments/first").status, 400);
}

TEST_F(ExperimentRoutes, ADriftCheckIsOfAModelWithALoop) {
  EXPECT_EQ(served_.Post("/api/v1/drift/checks", R"({"model":"one"})").status, 409);
  EXPECT_EQ(served_.Post("/api/v1/drift/checks", R"({"model":"none"})").status, 404);
  EXPECT_EQ(served_.Post("/api/v1/drift/checks", R"({})").status, 400);
  EXPECT_EQ(served_.Post("/api/v1/drift/checks", R"({"model":"one","features":1})").status, 400);
}

TEST_F(ExperimentRoutes, TheShadowSummaryIsOfModelsWithALoop) {
  EXPECT_EQ(served_.Get("/api/v1/shadow-testing/summary").body, R"({"models":[]})");
}

}  // namespace
}  // namespace hone
