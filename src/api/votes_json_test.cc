// Ensembles behind the routes: registered, asked, logged.
#include "api/votes_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/testing/served_models_test.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_api::ServedModels;
using testing_api::XgboostStumps;

// "low" answers 0.6 where b < 0.5 like "one", and above it -1.5 where that answers 2.5.
class EnsembleRoutes : public testing::Test {
 protected:
  void SetUp() override {
    std::string low = XgboostStumps(R"(["a","b"])", "0", "reg:squarederror");
    const std::size_t leaf = low.find("0.1,2]");
    ASSERT_NE(leaf, low.npos);
    low.replace(leaf, 6, "0.1,-2]");
    ASSERT_EQ(Register("low", low).status, 200);
  }
  HttpAnswer Register(const std::string& name, const std::string& file) {
    JsonWriter json;
    json.BeginMap().Member("name", name).Member("content", file).Member("activate", true).EndMap();
    return served_.Post("/models/register", json.Take());
  }
  void RegisterBoth(const std::string& rule) {
    const HttpAnswer answer = Register("both", "ensemble: " + rule + "\nmembers: [{model: one@1.0.0}, {model: low}]\n");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(R"("format":"ensemble","rule":")" + rule));
  }
  std::string Single(const std::string& row) {
    const HttpAnswer answer = served_.Post("/predict/single", R"({"model":"both","features":)" + row + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }

  ServedModels served_;
};

TEST_F(EnsembleRoutes, AnAnswerTellsConfidenceAndEachMembersVote) {
  RegisterBoth("weighted");
  const std::string body = Single(R"({"a":1,"b":0.7})");
  EXPECT_THAT(body, HasSubstr(R"("value":0.8999999999999999,)")) << "0.6 x 2.5 - 0.4 x 1.5, in doubles";
  EXPECT_THAT(body, HasSubstr(R"("vote":1,"confidence":0.6,"abstained":false,)"
                              R"("votes":[{"model":"one","version":"1.0.0","prediction":2.5,"vote":1},)"
                              R"({"model":"low","version":"1.0.0","prediction":-1.5,"vote":-1}])"));
  const auto answer = ParseJson(body);
  ASSERT_TRUE(answer.ok());
  const std::string id = answer->Find("prediction_id")->text;
  ASSERT_EQ(served_.Post("/outcomes", R"({"prediction_id":")" + id + R"(","value":3})").status, 200);
  EXPECT_THAT(served_.Get("/predictions/" + id).body, HasSubstr(R"("value":0.8999999999999999)"))
      << "the log has what was answered";
  EXPECT_THAT(served_.Post("/predict/single", R"({"model":"one","features":[1,0.7]})").body, Not(HasSubstr("vote")));
}

TEST_F(EnsembleRoutes, AnAbstentionIsAnsweredAndNotLogged) {
  RegisterBoth("unanimous");
  const std::string split = Single("[1,0.7]");
  EXPECT_THAT(split, HasSubstr(R"("prediction_id":null,"model":"both","version":"1.0.0","value":null)"));
  EXPECT_THAT(split, HasSubstr(R"("vote":null,"confidence":0.5,"abstained":true,"votes":[)"));
  EXPECT_THAT(served_.Get("/metrics").body, Not(HasSubstr("model_predictions_total{model=\"both\"}")));
  EXPECT_THAT(Single("[1,0.3]"), HasSubstr(R"("vote":1,"confidence":1,"abstained":false)"));
  EXPECT_THAT(served_.Get("/metrics").body, HasSubstr("model_predictions_total{model=\"both\"} 1\n"));
}

TEST_F(EnsembleRoutes, ManyRowsAreToldByColumn) {
  RegisterBoth("unanimous");
  const HttpAnswer answer = served_.Post("/predict/batch", R"({"model":"both","rows":[[1,0.7],[1,0.3]]})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("prediction_ids":[null,")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("ensemble_votes":[null,1],"confidences":[0.5,1],"abstained":[true,false],)"
                                     R"("votes":[{"ensemble":"1.0.0","model":"one","version":"1.0.0",)"
                                     R"("predictions":[2.5,0.6000000238418579],"votes":[1,1]},)"
                                     R"({"ensemble":"1.0.0","model":"low","version":"1.0.0",)"
                                     R"("predictions":[-1.5,0.6000000238418579],"votes":[-1,1]}])"));
  EXPECT_THAT(served_.Post("/predict/batch", R"({"model":"one","rows":[[1,0.7]]})").body, Not(HasSubstr("votes")));
}

TEST_F(EnsembleRoutes, ClassesVoteWithListsAndRefusalsNameTheMember) {
  ASSERT_EQ(Register("classes", "ensemble: majority\nmembers: [{model: three}, {model: three}]").status, 200);
  const HttpAnswer answer = served_.Post("/predict/single", R"({"model":"classes","features":[1,0.7]})");
  EXPECT_THAT(answer.body, HasSubstr(R"("model":"three","version":"1.0.0","prediction":[)")) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("vote":2,"confidence":1)"));
  const HttpAnswer mixed = Register("mixed", "ensemble: majority\nmembers: [{model: three}, {model: one}]");
  EXPECT_EQ(mixed.status, 409);
  EXPECT_THAT(mixed.body, HasSubstr("one 1.0.0 answers 1 numbers, three 1.0.0 3"));
  const HttpAnswer none = Register("mixed", "ensemble: majority\nmembers: [{model: tree}, {model: one}]");
  EXPECT_EQ(none.status, 409);
  EXPECT_THAT(none.body, HasSubstr("members[0].model")) << none.body;
}

}  // namespace
}  // namespace hone
