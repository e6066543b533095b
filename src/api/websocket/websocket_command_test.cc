#include "api/websocket/websocket_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<WebSocketCommand> Read(const std::string& text) {
  std::string id;
  return ReadWebSocketCommand(text, id);
}

TEST(WebSocketCommand, SubscribesToTopicsAndModels) {
  const auto command =
      Read(R"({"command":"subscribe","topics":["alert","prediction"],"models":["b","a","b"],"id":"7"})");
  ASSERT_TRUE(command.ok()) << command.error().ToString();
  EXPECT_EQ(command->kind, WebSocketCommand::Kind::kSubscribe);
  EXPECT_THAT(command->topics, ElementsAre(Topic::kAlert, Topic::kPrediction));
  EXPECT_THAT(command->models, ElementsAre("a", "b"));
  EXPECT_EQ(command->id, "7");
}

TEST(WebSocketCommand, PassesTheRequestOfAPredictionOn) {
  const auto command =
      Read(R"({"command":"predict", "features": {"a": 0.1, "b": null, "c": -0.0, "d": 9007199254740993},"model":"m"})");
  ASSERT_TRUE(command.ok()) << command.error().ToString();
  EXPECT_EQ(command->body, R"({"model":"m","features":{"a":0.1,"b":null,"c":-0.0,"d":9007199254740993}})");
  EXPECT_EQ(Read(R"({"command":"predict","features":[1]})")->body, R"({"features":[1]})");
}

TEST(WebSocketCommand, PublishesAMapOnATopicOfTheClients) {
  const auto command =
      Read(R"({"command":"publish","topic":"opportunity","data":{"symbol":"ES","legs":[1,true,"x"]},"model":"m"})");
  ASSERT_TRUE(command.ok()) << command.error().ToString();
  EXPECT_THAT(command->topics, ElementsAre(Topic::kOpportunity));
  EXPECT_EQ(command->model, "m");
  EXPECT_EQ(command->body, R"({"symbol":"ES","legs":[1,true,"x"]})");
}

TEST(WebSocketCommand, RefusalsSayWhatWouldBeRight) {
  const std::string long_name(129, 'n');
  const std::pair<std::string, const char*> cases[] = {
      {"", "syntax error"},
      {"[]", "must be a map"},
      {R"({"topics":["alert"]})", "command: must be subscribe, unsubscribe"},
      {R"({"command":"shout"})", "must be subscribe, unsubscribe, predict, publish or ping"},
      {R"({"command":"ping","topics":["alert"]})", "topics: unknown key"},
      {R"({"command":"subscribe"})", "topics: is required"},
      {R"({"command":"subscribe","topics":[]})", "at least one topic"},
      {R"({"command":"subscribe","topics":["alerts"]})", "a topic is opportunity, prediction"},
      {R"({"command":"subscribe","topics":["alert","alert"]})", "stands twice"},
      {R"({"command":"subscribe","topics":["alert"],"models":[""]})", "1 to 128 bytes"},
      {R"({"command":"publish","topic":"alert","data":{}})", "is the server's own"},
      {R"({"command":"publish","topic":"execution","data":3})", "data: must be a map"},
      {R"({"command":"publish","topic":"execution"})", "data: is required"},
      {R"({"command":"ping","id":")" + long_name + "\"}", "at most 128 bytes"},
      {R"({"command":"ping","id":7})", "id: must be a text"},
  };
  for (const auto& [text, says] : cases) {
    const auto command = Read(text);
    ASSERT_FALSE(command.ok()) << text;
    EXPECT_THAT(command.error().ToString(), HasSubstr(says)) << text;
  }
  std::string models;
  for (int i = 0; i < 65; ++i) models += (i > 0 ? ",\"m" : "\"m") + std::to_string(i) + "\"";
  EXPECT_FALSE(Read(R"({"command":"subscribe","topics":["alert"],"models":[)" + models + "]}").ok());
}

TEST(WebSocketCommand, TheIdIsKnownThoughTheRestIsWrong) {
  std::string id;
  EXPECT_FALSE(ReadWebSocketCommand(R"({"command":"shout","id":"9"})", id).ok());
  EXPECT_EQ(id, "9");
}

}  // namespace
}  // namespace hone
