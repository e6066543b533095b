// A WebSocket (RFC 6455) of the HTTP server: what a request becomes when its handler calls Responder::Upgrade.
//
//   router.Add("GET", "/ws", [](const HttpRequest& request, const PathParameters&, Responder responder) {
//     if (!AsksForWebSocket(request)) return responder.Send(ProblemResponse(426, "..."));
//     responder.Upgrade(std::make_shared<Chat>(), {});     // Chat: a WebSocketListener
//   });
//
// Text messages only. A client is hostile: what it sends is bounded, it is pinged when it says nothing, and one that
// takes its messages too slowly is cut off instead of slowing anyone: its queue is thrown away and it is closed with
// 1013, the reason telling how many messages it did not get. When the server stops, each is closed with 1001.
//
// Everything here belongs to the I/O thread that had the request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "wire/http_message.h"

namespace hone {

// One message, made once and shared by all who get it.
using WebSocketText = std::shared_ptr<const std::string>;

// RFC 6455, section 7.4.1, and the IANA registry.
enum class WebSocketClose : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,     // the server ends
  kUnsupported = 1003,   // a binary message
  kPolicy = 1008,        // the client's right to be here has ended
  kTooBig = 1009,        // a message beyond max_message_bytes
  kTryAgainLater = 1013  // the client was too slow
};

struct WebSocketLimits {
  std::size_t max_message_bytes = 256u << 10;  // of one message received; beyond: closed with 1009
  // Waiting to be taken by the client, beside what the system's socket buffers hold. Beyond either: closed with 1013.
  // A single message may have more bytes.
  std::size_t max_queued_messages = 1024;
  std::size_t max_queued_bytes = 1u << 20;
  Duration idle_timeout = 60 * kSecond;  // nothing from the client, not even the answer to a ping (sent at half of it)
  Duration close_timeout = 5 * kSecond;  // from Close to the end of the connection, whatever the client does
};

// One client.
class WebSocket {
 public:
  virtual ~WebSocket() = default;

  // Queues a message; never waits. Nothing happens once it is closing.
  virtual void Send(WebSocketText text) = 0;
  // Begins the closing handshake; what is still queued is not sent. `reason` is cut to 123 bytes.
  virtual void Close(WebSocketClose code, std::string_view reason) = 0;
  // Neither side has begun to close it.
  virtual bool open() const = 0;
};

// What serves one client. The server keeps it until OnClosed has returned.
class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;

  // First, once, when the handshake is done; not called where it fails.
  virtual void OnOpen(std::shared_ptr<WebSocket> socket) = 0;
  // A whole message, valid UTF-8; `text` is valid during the call.
  virtual void OnText(std::string_view text) = 0;
  // Last, once after OnOpen, whoever ended it.
  virtual void OnClosed() = 0;
};

// The request asks to become a WebSocket. What else is wrong with it (its version, its key) the handshake tells.
bool AsksForWebSocket(const HttpRequest& request);

}  // namespace hone
