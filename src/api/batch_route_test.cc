#include "api/batch_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/testing/served_models_test.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing_api::ServedModels;

JsonValue Json(const std::string& text) {
  auto json = ParseJson(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(*json) : JsonValue();
}

std::string Rows(std::size_t count, const std::string& row) {
  std::string body = R"({"model":"one","rows":[)" + row;
  for (std::size_t i = 1; i < count; ++i) body += "," + row;
  return body + "]}";
}

class BatchRouteTest : public testing::Test {
 protected:
  HttpAnswer Predict(const std::string& body) { return served_.Post("/predict/batch", body); }
  void ExpectRefusal(const std::string& body, int status, const std::string& names) {
    const HttpAnswer answer = Predict(body);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.Header("Content-Type"), "application/problem+json");
    EXPECT_THAT(answer.body, HasSubstr(names));
  }

  ServedModels served_;
};

TEST_F(BatchRouteTest, RowsByPositionByNameAndColumnsAnswerTheSame) {
  for (const char* body : {R"({"model":"one","rows":[[1,0.4],[1,0.5],[1,null]]})",
                           R"({"model":"one","rows":[{"a":1,"b":0.4},{"b":0.5,"a":1},{"a":1,"b":null}]})",
                           R"({"rows":[[1,0.4],{"b":0.5,"a":1},[1,null]],"model":"one"})",
                           R"({"columns":{"b":[0.4,0.5,null],"a":[1,1,1]},"model":"one"})"}) {
    const HttpAnswer answer = Predict(body);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(R"("values":[0.6000000238418579,2.5,2.5])"));
    EXPECT_THAT(answer.body, HasSubstr(R"("rows":3,"version":"1.0.0","prediction_ids":[")"));
    EXPECT_THAT(answer.body, Not(HasSubstr("versions"))) << "one answered all";
  }
}

TEST_F(BatchRouteTest, EveryRowIsLoggedUnderItsId) {
  const JsonValue answer = Json(Predict(R"({"model":"one","rows":[[1,0.4],[7,0.5]]})").body);
  const std::string id = answer.Find("prediction_ids")->items[1].text;
  EXPECT_EQ(served_.Post("/outcomes", R"({"prediction_id":")" + id + R"(","value":3})").status, 200);
  const JsonValue record = Json(served_.Get("/predictions/" + id).body);
  EXPECT_EQ(record.Find("value")->number, 2.5);
  EXPECT_EQ(record.Find("features")->items[0].number, 7);
  EXPECT_EQ(record.Find("outcome")->Find("value")->number, 3);
  EXPECT_THAT(served_.Get("/metrics").body, HasSubstr("model_predictions_total{model=\"one\"} 2\n"));
}

TEST_F(BatchRouteTest, IntegersBeyond64BitsAreNumbers) {
  EXPECT_THAT(Predict(R"({"model":"one","rows":[[1,-100000000000000000000000]]})").body,
              HasSubstr(R"("values":[0.6000000238418579])"));
  EXPECT_THAT(served_.Post("/predict/single", R"({"model":"one","features":[1,100000000000000000000000]})").body,
              HasSubstr(R"("value":2.5)"));
}

TEST_F(BatchRouteTest, AnswersOfSeveralNumbersAreLists) {
  const JsonValue answer = Json(Predict(R"({"model":"three","rows":[[0,0],[0,1]]})").body);
  ASSERT_EQ(answer.Find("values")->items.size(), 2U);
  EXPECT_EQ(answer.Find("values")->items[1].items.size(), 3U);
  EXPECT_NEAR(answer.Find("values")->items[0].items[2].number, 1.0 / 3, 1e-6);
}

TEST_F(BatchRouteTest, RefusalsNameTheRow) {
  ExpectRefusal("[]", 400, "must be a map");
  ExpectRefusal(R"({"model":"one","rows":[[1,2])", 400, "line");
  ExpectRefusal(R"({"model":"one"})", 400, "one of rows and columns");
  ExpectRefusal(R"({"model":"one","rows":[[1,2]],"columns":{"a":[1]}})", 400, "one of rows and columns");
  ExpectRefusal(R"({"model":"one","rows":[],"row":1})", 400, "unknown key");
  ExpectRefusal(R"({"model":"one","rows":[]})", 400, "1 to 100000 rows, holds 0");
  ExpectRefusal(R"({"model":"one","rows":[[1,2],[1,"2"]]})", 400, "rows[1][1]");
  ExpectRefusal(R"({"model":"one","rows":[[1,2],7]})", 400, "rows[1]");
  ExpectRefusal(R"({"model":"one","rows":[{"a":1,"b":2,"b":2}]})", 400, "rows[0].b");
  ExpectRefusal(R"({"model":"one","columns":{"a":[1,2],"b":[1]}})", 409, "holds 1 values, the first column 2");
  ExpectRefusal(R"({"model":"one","columns":{"a":[1],"b":["x"]}})", 400, "columns.b[0]");
  ExpectRefusal(R"({"model":"one","columns":{"a":[1],"b":3}})", 400, "columns.b");
  ExpectRefusal(R"({"model":"one","rows":[[1,2],[1]]})", 409, "rows[1]");
  ExpectRefusal(R"({"model":"one","rows":[[1,2,3]]})", 409, "must be 2 values");
  ExpectRefusal(R"({"model":"one","rows":[{"a":1,"b":2},{"a":1}]})", 409, "rows[1].b");
  ExpectRefusal(R"({"model":"one","rows":[{"a":1,"c":2}]})", 409, "unknown feature");
  ExpectRefusal(R"({"model":"one","columns":{"a":[1]}})", 409, "columns.b");
  ExpectRefusal(R"({"rows":[[1,2]]})", 409, "model is required where several are served");
  ExpectRefusal(R"({"model":"on","rows":[[1,2]]})", 404, "did you mean one");
  ExpectRefusal(Rows(100'001, "[]"), 400, "1 to 100000 rows, holds 100001");
}

TEST_F(BatchRouteTest, AHundredThousandRows) {
  const HttpAnswer answer = Predict(Rows(100'000, "[1,0.4]"));
  ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 300);
  const std::size_t ids = answer.body.find("prediction_ids"), values = answer.body.find("\"values\"");
  EXPECT_GT(values - ids, 100'000U * 39);
  EXPECT_GT(answer.body.size() - values, 100'000U * 19);
}

// More rows than the ring holds: they go in as the engine stores them.
TEST(BatchLog, ABatchBeyondTheRingIsLoggedInPieces) {
  ServedModels served(8);
  const JsonValue answer = Json(served.Post("/predict/batch", Rows(100, "[1,0.4]")).body);
  ASSERT_NE(answer.Find("prediction_ids"), nullptr);
  ASSERT_EQ(answer.Find("prediction_ids")->items.size(), 100U);
  EXPECT_EQ(served.Get("/predictions/" + answer.Find("prediction_ids")->items[99].text).status, 200);
}

// Nobody takes predictions out of the ring of four.
TEST(BatchLog, AFullRingRefusesAfterItsPatience) {
  ServedModels served(4, false);
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(served.Post("/predict/single", R"({"model":"one","features":[1,0.4]})").status, 200);
  }
  const HttpAnswer refused = served.Post("/predict/batch", Rows(2, "[1,0.4]"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_THAT(served.Get("/metrics").body,
              HasSubstr("http_requests_total{route=\"/predict/batch\",status=\"503\"} 1\n"));
}

}  // namespace
}  // namespace hone
