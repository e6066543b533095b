// One I/O thread of the HTTP server: its event loop, its acceptor and its connections. Internal to the server.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "wire/http_server.h"
#include "wire/http_stream.h"
#include "wire/socket_poll.h"
#include "wire/websocket.h"

namespace hone::http_internal {

class Connection;
class Loop;

// A connection that became a WebSocket, as the loop sees it. On the loop's thread.
class LoopWebSocket {
 public:
  virtual ~LoopWebSocket() = default;
  // Answers the request that asked for it; from then on it lives until it ends itself.
  virtual void Start(const HttpRequest& request) = 0;
  // The server ends.
  virtual void Stop() = 0;
  // At once.
  virtual void Abort() = 0;
  // At once, and without a word to its listener, which it lets go: the loop runs no more.
  virtual void Abandon() = 0;
};

// Where answers for a loop's connections are put in. Outlives the loop, so that a late Responder finds it closed.
class Mailbox {
 public:
  explicit Mailbox(Loop* loop) : loop_(loop) {}

  // Any thread: at once on the loop's own, else by waking it.
  void Put(std::uint64_t connection, std::uint64_t request, HttpResponse response);
  // Only on the loop's own thread; elsewhere the request is answered 500.
  void Upgrade(std::uint64_t connection, std::uint64_t request, const WebSocketLimits& limits,
               std::shared_ptr<WebSocketListener> listener);
  void Close();

 private:
  struct Answer {
    std::uint64_t connection = 0;
    std::uint64_t request = 0;
    HttpResponse response;
  };
  void DeliverAll();

  std::mutex mutex_;
  Loop* loop_;  // null when closed
  std::vector<Answer> answers_;
};

struct LoopCounts {
  std::atomic<std::uint64_t> accepted{0}, refused{0}, requests{0}, malformed{0}, timed_out{0}, websockets_slow{0};
  std::atomic<std::int64_t> open{0}, websockets{0};
};

// All but Post, Stop and counts belongs to the thread in Run.
class Loop {
 public:
  static constexpr Duration kTick = 100 * kMillisecond;

  // `tls` null: plain HTTP.
  Loop(int index, const HttpServerOptions& options, std::shared_ptr<const HttpHandler> handler,
       std::shared_ptr<TlsContext> tls);
  ~Loop();

  // Before Run: binds with SO_REUSEPORT and listens.
  boost::system::error_code Listen(const boost::asio::ip::tcp::endpoint& endpoint);
  boost::asio::ip::tcp::endpoint endpoint() const;

  void Run();
  void Post(std::function<void()> task);
  void PostAfter(Duration delay, std::function<void()> task);
  void Stop(Duration drain);
  // The loop that this thread runs; null outside of Run.
  static Loop* Current();

  void Handle(std::uint64_t connection, std::uint64_t request_number, const HttpRequest& request);
  void Deliver(std::uint64_t connection, std::uint64_t request, const HttpResponse& response);
  void Forget(std::uint64_t connection);
  void Upgrade(std::uint64_t connection, std::uint64_t request, const WebSocketLimits& limits,
               std::shared_ptr<WebSocketListener> listener);
  // The connection goes on as a WebSocket: it is forgotten, its stream has an owner of the same number.
  void Adopt(std::uint64_t connection, Stream stream, const HttpRequest& request, const WebSocketLimits& limits,
             std::shared_ptr<WebSocketListener> listener);
  void ForgetWebSocket(std::uint64_t connection);
  // Calls connection.Settle() when the requests that have come are answered. Answers then go out one after the other: a
  // client that holds many connections is woken once, not once for each.
  void SettleSoon(Connection* connection);

  SocketPoll& sockets() { return sockets_; }
  // The socket as Boost.Asio's; closed where the system has no room for it.
  boost::asio::ip::tcp::socket ToAsio(PlainSocket socket);

  const Mailbox* mailbox() const { return mailbox_.get(); }
  const HttpServerOptions& options() const { return options_; }
  LoopCounts& counts() { return counts_; }
  int index() const { return index_; }
  bool stopping() const { return stopping_; }
  // Ticks so far, and the tick at which `duration` from now has certainly passed.
  std::int64_t tick() const { return tick_; }
  std::int64_t TickAfter(Duration duration) const { return tick_ + 1 + (duration + kTick - 1) / kTick; }

 private:
  void Accept();
  bool AcceptSome();
  void OnAccepted(PlainSocket socket);
  Stream StreamOf(PlainSocket socket);
  void AwaitSockets();
  void AwaitTick();
  void OnTick();
  void BeginStop(Duration drain);
  void EndWhenDone();
  void EndTurnSoon();
  void EndTurn();
  void SettleAll();
  void ForEachWebSocket(void (LoopWebSocket::*visit)());
  template <typename Visit>
  void ForEachConnection(const Visit& visit);

  const int index_;
  const HttpServerOptions options_;
  const std::shared_ptr<const HttpHandler> handler_;
  const std::shared_ptr<TlsContext> tls_;
  const std::shared_ptr<Mailbox> mailbox_;
  LoopCounts counts_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  SocketPoll sockets_;                                   // plain connections
  boost::asio::posix::stream_descriptor sockets_ready_;  // its handle, not owned
  std::map<std::uint64_t, std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> forgotten_;  // live to the end of the turn
  std::unordered_map<std::uint64_t, std::shared_ptr<LoopWebSocket>> websockets_;
  std::vector<Connection*> to_settle_;
  std::vector<Connection*> spare_;  // memory of the list between turns
  bool turn_ends_ = false;          // EndTurn will be called
  std::uint64_t next_connection_ = 1;
  std::int64_t tick_ = 0;
  std::int64_t stop_at_ = 0;
  bool stopping_ = false;
  bool accept_paused_ = false;
};

// A WebSocket over TCP, and over TLS.
std::shared_ptr<LoopWebSocket> MakePlainWebSocket(Loop& loop, std::uint64_t number, Stream stream,
                                                  const WebSocketLimits& limits,
                                                  std::shared_ptr<WebSocketListener> listener);
std::shared_ptr<LoopWebSocket> MakeSecureWebSocket(Loop& loop, std::uint64_t number, Stream stream,
                                                   const WebSocketLimits& limits,
                                                   std::shared_ptr<WebSocketListener> listener);

}  // namespace hone::http_internal
