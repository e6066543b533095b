// One client's connection, as a state machine: read, parse, hand to the handler, write, again. Internal to the server.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/http_loop.h"
#include "wire/http_message.h"
#include "wire/http_request_parser.h"
#include "wire/http_stream.h"

namespace hone::http_internal {

// Belongs to its loop's thread. The loop keeps it alive until the end of the turn in which it is forgotten, pending
// operations over TLS until they end.
class Connection final : public SocketPoll::Watcher, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, std::uint64_t number, Stream stream);

  void Start();
  void OnReady(SocketPoll::Ready ready) override;
  // The answer to request `request`; ignored when that one is no longer waited for.
  void Answer(std::uint64_t request, const HttpResponse& response);
  // Request `request` becomes a WebSocket and this connection ends; ignored as in Answer.
  void Upgrade(std::uint64_t request, const WebSocketLimits& limits, std::shared_ptr<WebSocketListener> listener);
  // Sends what is to be written; called by the loop at the end of a turn.
  void Settle();
  void OnTick();
  // The server ends: nothing after the request that has begun.
  void OnStop();
  // At once.
  void Close();

 private:
  enum class State {
    kHandshake,  // of TLS
    kReading,    // waiting for a request or within one
    kAnswering,  // the handler has it
    kClosing,    // what is written goes out, then the sending side is shut
    kLingering,  // shut; what the client still sends is thrown away, so that it can read its answer
    kClosed,
  };

  void Begin();
  void Advance();
  void Await();
  void ParseInput();
  bool ParseSome();
  bool ParsePlain();
  void StartRequest();
  void NoteBegun();
  void Dispatch(bool host_is_right);
  Status ParseNewTarget();
  void Refuse(int status, std::string detail);
  void Write(const HttpResponse& response, bool keep_alive);
  void FinishAnswer(bool keep_alive);
  void Flush();
  void SendRest();
  void OnWritten(bool ok);
  void Read();
  void Receive();
  void OnRead(bool ok, std::size_t bytes);
  void MakeRoom();
  void Linger();
  void OnDeadline();

  Loop& loop_;
  const std::uint64_t number_;
  Stream stream_;
  State state_ = State::kReading;

  std::vector<char> input_;  // [begin_, end_) is not parsed yet
  std::size_t begin_ = 0, end_ = 0;
  std::optional<RequestParser> parser_;  // of a request that is not plain
  HttpRequest request_;
  std::string target_;
  std::string parsed_target_;  // of which request_ has path, segments and query
  std::uint64_t request_number_ = 0;
  bool begun_ = false;  // a byte of the request is there
  bool continue_sent_ = false;
  bool keep_alive_ = true;
  bool head_ = false;
  bool old_version_ = false;  // HTTP/1.0
  bool input_ended_ = false;  // the client sends nothing more
  bool in_advance_ = false;
  bool settling_ = false;  // the loop will call Settle

  std::string output_;    // to be written
  std::string writing_;   // being written
  std::size_t sent_ = 0;  // of writing_, where it is plain
  bool read_pending_ = false, write_pending_ = false;
  std::int64_t deadline_ = 0;        // tick, of the state
  std::int64_t write_deadline_ = 0;  // tick, while write_pending_
};

}  // namespace hone::http_internal
