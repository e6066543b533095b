// What a client of the WebSocket says: one JSON map a message.
//
//   {"command":"subscribe","topics":["prediction","alert"],"models":["volatility"]}
//   {"command":"unsubscribe","topics":["prediction"]}
//   {"command":"predict","model":"volatility","features":{"rsi_14":31.5,"macd":null}}
//   {"command":"publish","topic":"opportunity","model":"volatility","data":{...}}
//   {"command":"ping"}
//
// Each may carry "id", a text that the answer repeats.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api/websocket/topic.h"
#include "base/result.h"

namespace hone {

struct WebSocketCommand {
  enum class Kind { kSubscribe, kUnsubscribe, kPredict, kPublish, kPing };

  static constexpr std::size_t kMostModels = 64;
  static constexpr std::size_t kLongestName = 128;  // bytes of an id or of a model's name

  Kind kind = Kind::kPing;
  std::string id;                   // "" when left out
  std::vector<Topic> topics;        // subscribe, unsubscribe: distinct; publish: the one
  std::vector<std::string> models;  // subscribe: events of these alone; none: of all
  std::string model;                // publish: what the event is about, "" for no model
  std::string body;                 // predict: the body of POST /predict/single; publish: the data, as JSON
};

// kInvalidArgument names the place and what would be right: not JSON, an unknown or missing key, an unknown command or
// topic (with those there are), a topic twice, a topic that is the server's own, more than kMostModels.
// `id` gets the command's id also where something else is wrong, as far as it could be read.
Result<WebSocketCommand> ReadWebSocketCommand(std::string_view text, std::string& id);

}  // namespace hone
