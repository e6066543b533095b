// libraries: api
// Commands of WebSocket clients, and that what passes can be sent on: its JSON reads back, its topics may be published.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/websocket/websocket_command.h"
#include "wire/json.h"

namespace {

using Kind = hone::WebSocketCommand::Kind;

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckCommand(const hone::WebSocketCommand& command) {
  Check(command.id.size() <= hone::WebSocketCommand::kLongestName);
  Check(command.models.size() <= hone::WebSocketCommand::kMostModels);
  Check(command.topics.size() <= hone::kTopics);
  if (command.kind == Kind::kPublish) {
    Check(command.topics.size() == 1 && hone::IsForClients(command.topics.front()));
  }
  if (command.kind == Kind::kPublish || command.kind == Kind::kPredict) {
    const auto body = hone::ParseJson(command.body);
    Check(body.ok() && body->is_map());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string id;
  const auto command = hone::ReadWebSocketCommand({reinterpret_cast<const char*>(data), size}, id);
  Check(id.size() <= hone::WebSocketCommand::kLongestName);
  if (command.ok()) {
    CheckCommand(*command);
  } else {
    Check(!command.error().message.empty());
  }
  return 0;
}
