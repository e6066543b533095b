#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/testing/served_models_test.h"
#include "wire/base64.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing_api::ServedModels;
using testing_api::XgboostStumps;

class RegisterRoutesTest : public testing::Test {
 protected:
  HttpAnswer Register(const std::string& body, const HttpHeaders& headers = {}) {
    return served_.Post("/models/register", body, headers);
  }
  static std::string Body(const std::string& name, const std::string& key, const std::string& content, bool activate,
                          const std::string& version = "") {
    JsonWriter json;
    json.BeginMap().Member("name", name).Member(key, content).Member("activate", activate);
    if (!version.empty()) json.Member("version", version);
    json.EndMap();
    return json.Take();
  }
  std::string Versions(const std::string& name) {
    const std::string body = served_.Get("/models/summary").body;
    const std::size_t at = body.find("\"" + name + "\"");
    return at == body.npos ? "" : body.substr(at, body.find("}}", at) - at);
  }

  ServedModels served_;
  const std::string stump_ = XgboostStumps(R"(["a","b"])", "0", "reg:squarederror");
};

TEST_F(RegisterRoutesTest, AModelIsServedAtOnce) {
  const HttpAnswer answer = Register(Body("new", "content", stump_, true));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("version":"1.0.0","stage":"active")"));
  EXPECT_THAT(served_.Post("/predict/single", R"({"model":"new","features":[1,0.4]})").body,
              HasSubstr("0.6000000238418579"));
  EXPECT_THAT(served_.Get("/model/status").body, HasSubstr(R"("name":"new","status":"serving","version":"1.0.0")"));
}

TEST_F(RegisterRoutesTest, AFurtherVersionWaitsForPromotionAndMayReturn) {
  const HttpAnswer staged = Register(Body("one", "content_base64", Base64Encode(stump_), false, "2.0.0"));
  ASSERT_EQ(staged.status, 200) << staged.body;
  EXPECT_THAT(staged.body, HasSubstr(R"("stage":"staging")"));
  EXPECT_EQ(Register(Body("one", "content", stump_, false, "2.0.0")).status, 409) << "the number is taken";
  const HttpAnswer won = served_.Post("/models/promote-winner", R"({"model":"one","version":"2.0.0"})");
  EXPECT_EQ(won.body, R"({"model":"one","done":"promoted","active_version":"2.0.0"})");
  EXPECT_THAT(served_.Post("/predict/single", R"({"model":"one","features":[1,0.4]})").body, HasSubstr("2.0.0"));
  const HttpAnswer back = served_.Post("/models/one/rollback", "");
  EXPECT_EQ(back.body, R"({"model":"one","done":"rolled back","active_version":"1.0.0"})");
  EXPECT_EQ(served_.Post("/models/one/promote", R"({"version":"2.0.0"})").status, 200);
  EXPECT_EQ(served_.Post("/models/promote-winner", R"({"model":"one","version":"9.0.0"})").status, 404);
  EXPECT_EQ(served_.Post("/models/promote-winner", R"({"model":"none","version":"9.0.0"})").status, 404);
}

TEST_F(RegisterRoutesTest, RefusalsNameWhatIsWrong) {
  const auto refused = [this](const std::string& body, int status, const std::string& names) {
    const HttpAnswer answer = Register(body);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(names));
  };
  refused("{}", 400, "name");
  refused(R"({"name":"New","content":"x"})", 400, "a-z");
  refused(R"({"name":"new"})", 400, "content_base64");
  refused(R"({"name":"new","content":"x","content_base64":"eA=="})", 400, "one of content");
  refused(R"({"name":"new","content_base64":"eA="})", 400, "multiple of four");
  refused(R"({"name":"new","content":""})", 400, "empty");
  refused(R"({"name":"new","content":"x","version":"1.0"})", 400, "1.4.2");
  refused(R"({"name":"new","content":"x","stage":"active"})", 400, "unknown key");
  refused(R"({"name":"new","content":"no model"})", 409, "not a model that hone reads");
  refused(R"({"name":"new","content":"{\"learner\":{}}"})", 409, "register");
  refused(Body("one", "content", XgboostStumps(R"(["a","b"])", "3", "multi:softprob"), false), 409, "answers 3");
  EXPECT_EQ(Versions("new"), "") << "nothing of it is kept";
}

TEST_F(RegisterRoutesTest, TheSameKeyAndBodyIsCarriedOutOnce) {
  const HttpHeaders key = {{"Idempotency-Key", "seven"}};
  const std::string body = Body("new", "content", stump_, false);
  const HttpAnswer first = Register(body, key);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(Register(body, key).body, first.body);
  EXPECT_THAT(Versions("new"), HasSubstr(R"("staging":1)"));
  const HttpAnswer other = Register(Body("new", "content", stump_, true), key);
  EXPECT_EQ(other.status, 409);
  EXPECT_THAT(other.body, HasSubstr("Idempotency-Key"));
  EXPECT_EQ(served_.Post("/models/promote-winner", body, key).status, 400) << "the body is read first";
  EXPECT_EQ(Register(body, {{"Idempotency-Key", "eight"}}).status, 200);
  EXPECT_THAT(Versions("new"), HasSubstr(R"("staging":2)")) << "another key, another version";
  for (const std::string& bad : {std::string(), std::string(256, 'k'), std::string("a b")}) {
    EXPECT_EQ(Register(body, {{"Idempotency-Key", bad}}).status, 400) << bad;
  }
}

TEST_F(RegisterRoutesTest, ARefusedRequestMayBeTriedAgainUnderItsKey) {
  const HttpHeaders key = {{"Idempotency-Key", "nine"}};
  const std::string promote = R"({"version":"2.0.0"})";
  EXPECT_EQ(served_.Post("/models/one/promote", promote, key).status, 404);
  ASSERT_EQ(Register(Body("one", "content", stump_, false, "2.0.0")).status, 200);
  const HttpAnswer done = served_.Post("/models/one/promote", promote, key);
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(served_.Post("/models/one/promote", promote, key).body, done.body) << "not 409: active already";
  EXPECT_EQ(served_.Post("/models/one/promote", promote).status, 409) << "without the key it is";
}

TEST_F(RegisterRoutesTest, OutcomesHonourTheKey) {
  const auto prediction = ParseJson(served_.Post("/predict/single", R"({"model":"one","features":[1,0.4]})").body);
  ASSERT_TRUE(prediction.ok());
  const std::string body = R"({"prediction_id":")" + prediction->Find("prediction_id")->text + R"(","value":1})";
  const HttpHeaders key = {{"Idempotency-Key", "ten"}};
  const HttpAnswer first = served_.Post("/outcomes", body, key);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("doubled":false)"));
  EXPECT_EQ(served_.Post("/outcomes", body, key).body, first.body);
  EXPECT_THAT(served_.Post("/outcomes", body).body, HasSubstr(R"("doubled":true)"));
}

}  // namespace
}  // namespace hone
