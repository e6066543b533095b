#include "api/websocket/websocket_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "api/testing/served_models_test.h"
#include "base/sha256.h"
#include "wire/json.h"
#include "wire/testing/websocket_client.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing_api::ServedModels;
using testing_wire::WebSocketClient;

std::string Say(WebSocketClient& client, const std::string& command) {
  client.Send(command);
  return client.Read();
}

// Passes over other events.
std::string ReadTopic(WebSocketClient& client, const std::string& topic) {
  std::string text;
  do {
    text = client.Read();
  } while (text.find("\"topic\":\"" + topic + "\"") == text.npos && text.front() == '{');
  return text;
}

HttpHeaders Bearer(const std::string& secret) { return {{"Authorization", "Bearer " + secret}}; }

void AddToken(ServedModels& served, const std::string& name, AccessRole role, const std::string& secret) {
  const AccessToken token{name, role, Sha256Hex(secret), 1};
  std::promise<void> done;
  served.engine().Submit(
      [&](LiveEngine& core) -> Result<std::string> {
        HONE_RETURN_IF_ERROR(core.store().tokens.Add(token));
        return std::string();
      },
      [&](const Result<std::string>& added) {
        EXPECT_TRUE(added.ok());
        done.set_value();
      });
  done.get_future().wait();
}

// Tokens that come and go count within a second.
void AwaitTokens() { std::this_thread::sleep_for(std::chrono::milliseconds(1200)); }

TEST(WebSocketRoute, EachCommandIsAnswered) {
  ServedModels served;
  WebSocketClient client(served.server().port());
  ASSERT_EQ(client.status(), 101);
  EXPECT_THAT(Say(client, R"({"command":"ping","id":"a"})"), StartsWith(R"({"type":"pong","id":"a","time":")"));
  EXPECT_EQ(Say(client, R"({"command":"subscribe","topics":["alert","metrics"],"id":"b"})"),
            R"({"type":"subscribed","id":"b","topics":["alert","metrics"]})");
  EXPECT_EQ(Say(client, R"({"command":"unsubscribe","topics":["alert"]})"),
            R"({"type":"unsubscribed","topics":["alert"]})");
  EXPECT_THAT(Say(client, R"({"command":"predict","model":"one","features":{"a":1,"b":0.4},"id":"c"})"),
              AllOf(StartsWith(R"({"type":"prediction","id":"c","data":{"prediction_id":")"),
                    HasSubstr(R"("value":0.6000000238418579)")));
  EXPECT_THAT(Say(client, R"({"command":"predict","model":"none","features":[1]})"),
              AllOf(StartsWith(R"({"type":"error","status":404,"detail":")"), HasSubstr("there is no model")));
  EXPECT_THAT(Say(client, R"({"command":"predict","model":"one"})"), HasSubstr(R"("status":400)"));
  EXPECT_THAT(Say(client, "nonsense"), StartsWith(R"({"type":"error","status":400,)"));
}

TEST(WebSocketRoute, EveryServedPredictionIsToldToItsFollowers) {
  ServedModels served;
  WebSocketClient all(served.server().port()), three(served.server().port());
  Say(all, R"({"command":"subscribe","topics":["prediction"]})");
  Say(three, R"({"command":"subscribe","topics":["prediction"],"models":["three"]})");
  const HttpAnswer single = served.Post("/predict/single", R"({"model":"one","features":[1,0.4]})");
  EXPECT_THAT(all.Read(), AllOf(StartsWith(R"({"type":"event","topic":"prediction","time":")"),
                                HasSubstr(R"("model":"one","data":)" + single.body)));
  served.Post("/predict/batch", R"({"model":"three","rows":[[1,0.4],[1,2]]})");
  served.Post(
      "/v2/models/one/infer",
      R"({"parameters":{"log":true},"inputs":[{"name":"input","shape":[1,2],"datatype":"FP64","data":[1,2]}]})");
  for (WebSocketClient* client : {&all, &three}) {
    for (int i = 0; i < 2; ++i) EXPECT_THAT(client->Read(), HasSubstr(R"("model":"three","data":{"prediction_id")"));
  }
  EXPECT_THAT(all.Read(), AllOf(HasSubstr(R"("model":"one","data")"), HasSubstr(R"("value":2.5)")));
}

TEST(WebSocketRoute, ClientsPublishToOneAnother) {
  ServedModels served;
  WebSocketClient desk(served.server().port()), bot(served.server().port());
  Say(desk, R"({"command":"subscribe","topics":["opportunity","execution"]})");
  EXPECT_EQ(Say(bot, R"({"command":"publish","topic":"opportunity","data":{"symbol":"ES"},"id":"1"})"),
            R"({"type":"published","id":"1"})");
  EXPECT_THAT(desk.Read(), HasSubstr(R"("data":{"symbol":"ES"})"));
}

TEST(WebSocketRoute, DecisionsAreAlerts) {
  ServedModels served;
  WebSocketClient client(served.server().port());
  Say(client, R"({"command":"subscribe","topics":["alert"]})");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // a look before anything happens
  ASSERT_EQ(served.Post("/models/one/promote", R"({"version":"1.0.0"})").status, 409);  // it is active already
  const std::string model = testing_api::XgboostStumps(R"(["a","b"])", "0", "reg:squarederror");
  JsonWriter body;
  body.BeginMap().Member("name", "one").Member("content", model).Member("activate", true).EndMap();
  ASSERT_EQ(served.Post("/models/register", body.text()).status, 200);
  EXPECT_THAT(client.Read(), AllOf(StartsWith(R"({"type":"event","topic":"alert",)"), HasSubstr(R"("model":"one")"),
                                   HasSubstr(R"("kind":"decision","decision":{"id":")")));
}

TEST(WebSocketRoute, TheHeartbeatCounts) {
  ServedModels served(4096, true, 1, 50 * kMillisecond);
  WebSocketClient client(served.server().port());
  Say(client, R"({"command":"subscribe","topics":["heartbeat"]})");
  EXPECT_THAT(ReadTopic(client, "heartbeat"), HasSubstr(R"("data":{"clients":1,"predictions_stored":0)"));
  EXPECT_THAT(ReadTopic(client, "heartbeat"), HasSubstr(R"("store_writable":true)"));
}

TEST(WebSocketRoute, TokensAndTheirRolesHold) {
  ServedModels served;
  WebSocketClient before(served.server().port());
  AddToken(served, "reader", AccessRole::kRead, "r");
  AddToken(served, "caller", AccessRole::kPredict, "p");
  AddToken(served, "operator", AccessRole::kOperate, "o");
  AwaitTokens();
  EXPECT_THAT(before.Read(), StartsWith("closed 1008 needs the header"));
  EXPECT_EQ(WebSocketClient(served.server().port()).status(), 401);
  EXPECT_EQ(WebSocketClient(served.server().port(), "/ws", Bearer("x")).status(), 401);
  WebSocketClient reader(served.server().port(), "/ws", Bearer("r")),
      caller(served.server().port(), "/ws", Bearer("p")), operates(served.server().port(), "/ws", Bearer("o"));
  const std::string predict = R"({"command":"predict","model":"one","features":[1,2]})";
  const std::string publish = R"({"command":"publish","topic":"execution","data":{}})";
  EXPECT_THAT(Say(reader, R"({"command":"subscribe","topics":["execution"]})"), HasSubstr("subscribed"));
  EXPECT_THAT(Say(reader, predict), AllOf(HasSubstr(R"("status":403)"), HasSubstr("this needs predict")));
  EXPECT_THAT(Say(caller, predict), HasSubstr(R"("type":"prediction")"));
  EXPECT_THAT(Say(caller, publish), AllOf(HasSubstr(R"("status":403)"), HasSubstr("this needs operate")));
  EXPECT_THAT(Say(operates, publish), HasSubstr("published"));
  EXPECT_THAT(reader.Read(), HasSubstr(R"("topic":"execution")"));
  served.engine().Submit(
      [](LiveEngine& core) -> Result<std::string> {
        HONE_RETURN_IF_ERROR(core.store().tokens.Revoke("reader"));
        return std::string();
      },
      [](const Result<std::string>&) {});
  AwaitTokens();
  EXPECT_EQ(reader.Read(), "closed 1008 the token is not known, or was revoked");
  EXPECT_THAT(Say(caller, R"({"command":"ping"})"), HasSubstr("pong"));
}

TEST(WebSocketRoute, PagesOfOtherSitesAndPlainRequestsAreRefused) {
  ServedModels served;
  EXPECT_EQ(WebSocketClient(served.server().port(), "/ws", {{"Origin", "https://elsewhere.example"}}).status(), 403);
  const std::string own = "http://127.0.0.1:" + std::to_string(served.server().port());
  EXPECT_EQ(WebSocketClient(served.server().port(), "/ws", {{"Origin", own}}).status(), 101);
  const HttpAnswer plain = served.Get("/ws");
  EXPECT_EQ(plain.status, 426);
  EXPECT_EQ(plain.Header("Upgrade"), "websocket");
  EXPECT_EQ(served.Post("/ws", "{}").status, 405);
  EXPECT_THAT(served.Get("/metrics").body,
              AllOf(HasSubstr(R"(http_requests_total{route="/ws",status="101"} 1)"), HasSubstr("websocket_clients ")));
}

}  // namespace
}  // namespace hone
