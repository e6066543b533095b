#include "api/websocket/websocket_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "wire/json.h"
#include "wire/json_fields.h"
#include "wire/json_value_writer.h"

namespace hone {
namespace {

using Kind = WebSocketCommand::Kind;

constexpr std::string_view kSource = "/ws";
constexpr std::size_t kMostValues = 20'000;
constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds = {{{"subscribe", Kind::kSubscribe},
                                                                      {"unsubscribe", Kind::kUnsubscribe},
                                                                      {"predict", Kind::kPredict},
                                                                      {"publish", Kind::kPublish},
                                                                      {"ping", Kind::kPing}}};

std::optional<Kind> FindKind(std::string_view name) {
  for (const auto& [text, kind] : kKinds) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

void ReadName(JsonFields& fields, std::string_view key, std::string& name) {
  fields.Read(key, name);
  if (name.size() > WebSocketCommand::kLongestName) {
    fields.Fail(key, fmt::format("must be at most {} bytes", WebSocketCommand::kLongestName));
  }
}

void AddTopic(JsonFields& fields, std::string_view key, const std::string& name, std::vector<Topic>& topics) {
  const std::optional<Topic> topic = FindTopic(name);
  if (!topic) {
    fields.Fail(key, "a topic is opportunity, prediction, execution, metrics, alert or heartbeat");
  } else if (std::ranges::find(topics, *topic) != topics.end()) {
    fields.Fail(key, fmt::format("\"{}\" stands twice", name));
  } else {
    topics.push_back(*topic);
  }
}

void ReadTopics(JsonFields& fields, WebSocketCommand& command) {
  std::vector<std::string> names;
  fields.Require("topics").Read("topics", names);
  for (const std::string& name : names) AddTopic(fields, "topics", name, command.topics);
  if (names.empty()) fields.Fail("topics", "must be a list of at least one topic");
}

void ReadModels(JsonFields& fields, WebSocketCommand& command) {
  fields.Read("models", command.models);
  if (command.models.size() > WebSocketCommand::kMostModels) {
    fields.Fail("models", fmt::format("must be at most {}; leave it out for all", WebSocketCommand::kMostModels));
  }
  for (const std::string& model : command.models) {
    if (model.empty() || model.size() > WebSocketCommand::kLongestName) {
      fields.Fail("models", fmt::format("a name has 1 to {} bytes", WebSocketCommand::kLongestName));
    }
  }
  std::ranges::sort(command.models);
  command.models.erase(std::unique(command.models.begin(), command.models.end()), command.models.end());
}

void ReadPublish(JsonFields& fields, WebSocketCommand& command) {
  std::string topic;
  fields.Require("topic").Read("topic", topic);
  AddTopic(fields, "topic", topic, command.topics);
  if (!command.topics.empty() && !IsForClients(command.topics.front())) {
    fields.Fail("topic", "is the server's own; a client may publish opportunity and execution");
  }
  ReadName(fields, "model", command.model);
  JsonWriter data;
  if (const JsonValue* value = fields.Require("data").TakeMap("data")) WriteJson(*value, data);
  command.body = data.Take();
}

// What is right and wrong with it is for the reader of predictions to say.
void ReadPredict(JsonFields& fields, WebSocketCommand& command) {
  JsonWriter body;
  body.BeginMap();
  for (const char* key : {"model", "features"}) {
    if (const JsonValue* value = fields.Take(key)) WriteJson(*value, body.Key(key));
  }
  command.body = body.EndMap().Take();
}

void ReadRest(JsonFields& fields, WebSocketCommand& command) {
  switch (command.kind) {
    case Kind::kSubscribe: ReadTopics(fields, command); return ReadModels(fields, command);
    case Kind::kUnsubscribe: return ReadTopics(fields, command);
    case Kind::kPredict: return ReadPredict(fields, command);
    case Kind::kPublish: return ReadPublish(fields, command);
    case Kind::kPing: return;
  }
}

}  // namespace

Result<WebSocketCommand> ReadWebSocketCommand(std::string_view text, std::string& id) {
  HONE_ASSIGN_OR_RETURN(const JsonValue value,
                        ParseJson(text, {.source = kSource, .depth = 16, .values = kMostValues}));
  JsonFields fields(value, std::string(kSource));
  WebSocketCommand command;
  ReadName(fields, "id", command.id);
  if (command.id.size() <= WebSocketCommand::kLongestName) id = command.id;
  std::string name;
  fields.Read("command", name);
  if (const std::optional<Kind> kind = FindKind(name)) {
    command.kind = *kind;
    ReadRest(fields, command);
  } else if (value.is_map()) {
    return Error{ErrorCode::kInvalidArgument, "must be subscribe, unsubscribe, predict, publish or ping",
                 std::string(kSource), 0, "command"};
  }
  HONE_RETURN_IF_ERROR(fields.Finish());
  return command;
}

}  // namespace hone
