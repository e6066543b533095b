// An HTTP/1.1 server (RFC 9112): N I/O threads, each with its own event loop and its own SO_REUSEPORT acceptor, sharing
// nothing. It starts no thread: the caller runs each loop where it likes.
//
//   HONE_ASSIGN_OR_RETURN(auto server, HttpServer::Listen({.port = 8000, .io_threads = 2}, handler));
//   for (int i = 0; i < server->io_threads(); ++i) executor.Submit([&, i] { server->Run(i); });
//   ...
//   server->Stop(5 * kSecond);   // every Run returns within that time
//
// Connections are kept alive; pipelined requests are answered in order, one at a time, so a connection whose answer is
// outstanding is not read and its client feels the back-pressure. Clients are hostile: sizes, times and numbers are
// bounded, and a request that breaks a rule gets problem+json (400, 408, 413, 431, 503, 505) and a closed
// connection. Slow clients: a request must be whole within request_timeout of its first byte, an answer must be taken
// within write_timeout. Times are counted in ticks of 100 ms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "wire/http_message.h"
#include "wire/tls.h"
#include "wire/websocket.h"

namespace hone {

class OpenSpan;

namespace http_internal {
class Loop;
class Mailbox;
}  // namespace http_internal

// The duty to answer one request, once, from any thread, now or later. Dropped unanswered it answers 500. Movable only:
// to keep it in a std::function, wrap it in a std::shared_ptr. May outlive connection and server: the answer then goes
// nowhere.
class Responder {
 public:
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  // The first call answers; later ones do nothing. Never blocks on the network. Ends the request's span.
  void Send(HttpResponse response);
  // Answers by becoming a WebSocket; on the request's own I/O thread and before the handler returns. A request that
  // does not ask for one rightly (its version, its key) is answered 400 or 426, one that did not wait for the answers
  // before it 400, one that comes while the server stops 503.
  void Upgrade(std::shared_ptr<WebSocketListener> listener, const WebSocketLimits& limits);

  // The span of a request that is traced (wire/http_span.h); null for any other.
  void Trace(std::unique_ptr<OpenSpan> span);
  OpenSpan* span() const { return span_.get(); }

 private:
  friend class http_internal::Loop;
  Responder(std::shared_ptr<http_internal::Mailbox> mailbox, std::uint64_t connection, std::uint64_t request);

  std::shared_ptr<http_internal::Mailbox> mailbox_;  // null once answered
  std::uint64_t connection_ = 0;
  std::uint64_t request_ = 0;
  std::unique_ptr<OpenSpan> span_;
};

// Called on an I/O thread for each whole request. Must not block and must not throw (a throw answers 500). The request
// is valid until the handler returns: what is needed later must be copied.
using HttpHandler = std::function<void(const HttpRequest&, Responder)>;

struct HttpServerOptions {
  std::string host = "127.0.0.1";            // address or name to listen on; "0.0.0.0" or "::" for all
  int port = 8000;                           // 0: any free one
  int io_threads = 1;                        // 1 ... 256
  std::size_t max_body_bytes = 8u << 20;     // beyond: 413
  std::size_t max_header_bytes = 16u << 10;  // request line and headers; beyond: 431
  int max_connections = 4096;                // over all threads, shared out evenly; beyond: 503 and closed
  Duration idle_timeout = 60 * kSecond;      // between requests
  Duration request_timeout = 10 * kSecond;   // first byte to last of one request; beyond: 408
  Duration answer_timeout = 30 * kSecond;    // handler's answer; beyond: 503, a later answer is dropped
  Duration write_timeout = 30 * kSecond;     // the client's taking of an answer
};

// Sums over all threads since Listen.
struct HttpServerCounts {
  std::uint64_t accepted = 0;         // connections
  std::uint64_t refused = 0;          // connections beyond max_connections
  std::uint64_t requests = 0;         // handed to the handler
  std::uint64_t malformed = 0;        // refused before the handler
  std::uint64_t timed_out = 0;        // connections closed for slowness, idle ones left out
  std::int64_t open = 0;              // connections now, WebSockets left out
  std::int64_t websockets = 0;        // WebSockets now
  std::uint64_t websockets_slow = 0;  // WebSockets closed because the client was slow
};

class HttpServer {
 public:
  // Binds and listens. Errors: kInvalidArgument for options out of range or a host that does not resolve; kConflict
  // when the port is taken ("127.0.0.1:8000: the port is in use; stop the other program or choose another port");
  // kUnavailable for any other refusal of the system. Each names host:port.
  // `tls`: HTTPS, and WebSockets over TLS; a client that has not done its handshake within request_timeout is cut off.
  static Result<std::unique_ptr<HttpServer>> Listen(const HttpServerOptions& options, HttpHandler handler,
                                                    const std::shared_ptr<TlsContext>& tls = nullptr);
  // Every Run must have returned.
  ~HttpServer();

  // The port that is bound.
  int port() const;
  int io_threads() const;

  // Runs one loop; returns when the server has stopped. Each index once, each on a thread of its own.
  void Run(int io_thread);
  // Runs `task` on that loop's thread, soon. Thread-safe; after the loop has ended it is dropped.
  void Post(int io_thread, std::function<void()> task);
  // The same, not before `delay` has passed. Only from that loop's own thread.
  void PostAfter(int io_thread, Duration delay, std::function<void()> task);

  // Ends it: no new connections, idle ones closed, requests already begun are answered with `Connection: close`; what
  // is not done after `drain` is cut off. Thread-safe, returns at once; a second call may shorten the time.
  void Stop(Duration drain);

  HttpServerCounts counts() const;

 private:
  HttpServer();
  std::vector<std::unique_ptr<http_internal::Loop>> loops_;
  int port_ = 0;
};

}  // namespace hone
