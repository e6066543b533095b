#include "wire/http_loop.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "base/log.h"
#include "wire/http_connection.h"
#include "wire/http_problem.h"

namespace hone {
namespace http_internal {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

namespace {

// Answers that wait for one another at most.
constexpr std::size_t kMostSettled = 32;

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

thread_local Loop* current_loop = nullptr;

}  // namespace

Loop* Loop::Current() { return current_loop; }

void Mailbox::Put(std::uint64_t connection, std::uint64_t request, HttpResponse response) {
  Loop* here = Loop::Current();
  if (here != nullptr && here->mailbox() == this) {
    here->Deliver(connection, request, response);
    return;
  }
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return;
  answers_.push_back({connection, request, std::move(response)});
  if (answers_.size() == 1) loop_->Post([this] { DeliverAll(); });
}

void Mailbox::Upgrade(std::uint64_t connection, std::uint64_t request, const WebSocketLimits& limits,
                      std::shared_ptr<WebSocketListener> listener) {
  Loop* here = Loop::Current();
  if (here != nullptr && here->mailbox() == this) {
    return here->Upgrade(connection, request, limits, std::move(listener));
  }
  Put(connection, request, ProblemResponse(500, "a request can become a WebSocket only on its own I/O thread"));
}

void Mailbox::DeliverAll() {
  std::vector<Answer> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
  }
  for (const Answer& answer : answers) Loop::Current()->Deliver(answer.connection, answer.request, answer.response);
}

void Mailbox::Close() {
  const std::lock_guard lock(mutex_);
  loop_ = nullptr;
}

Loop::Loop(int index, const HttpServerOptions& options, std::shared_ptr<const HttpHandler> handler,
           std::shared_ptr<TlsContext> tls)
    : index_(index),
      options_(options),
      handler_(std::move(handler)),
      tls_(std::move(tls)),
      mailbox_(std::make_shared<Mailbox>(this)),
      context_(1),
      acceptor_(context_),
      timer_(context_) {}

Loop::~Loop() {
  mailbox_->Close();
  ForEachConnection([](Connection& connection) { connection.Close(); });
  ForEachWebSocket(&LoopWebSocket::Abandon);
}

error_code Loop::Listen(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.set_option(ReusePort(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) {
    Accept();
    AwaitTick();
  }
  return error;
}

tcp::endpoint Loop::endpoint() const {
  error_code error;
  return acceptor_.local_endpoint(error);
}

void Loop::Run() {
  current_loop = this;
  while (!context_.stopped()) {
    try {
      context_.run();
    } catch (const std::exception& exception) {
      LogError("an I/O task threw", {{"what", exception.what()}});
    }
  }
  mailbox_->Close();
  current_loop = nullptr;
}

void Loop::Post(std::function<void()> task) { asio::post(context_, std::move(task)); }

void Loop::PostAfter(Duration delay, std::function<void()> task) {
  auto timer = std::make_shared<asio::steady_timer>(context_, std::chrono::nanoseconds(delay));
  timer->async_wait([timer, task = std::move(task)](error_code) { task(); });
}

void Loop::Stop(Duration drain) {
  Post([this, drain] { BeginStop(drain); });
}

template <typename Visit>
void Loop::ForEachConnection(const Visit& visit) {
  std::vector<std::shared_ptr<Connection>> all;  // a visit may forget its connection
  for (const auto& entry : connections_) all.push_back(entry.second);
  for (const auto& connection : all) visit(*connection);
}

void Loop::ForEachWebSocket(void (LoopWebSocket::*visit)()) {
  std::vector<std::shared_ptr<LoopWebSocket>> all;
  for (const auto& entry : websockets_) all.push_back(entry.second);
  for (const auto& websocket : all) ((*websocket).*visit)();
}

void Loop::BeginStop(Duration drain) {
  const std::int64_t stop_at = TickAfter(std::max<Duration>(drain - 2 * kTick, 0)) - 1;
  stop_at_ = stopping_ ? std::min(stop_at_, stop_at) : stop_at;
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  ForEachConnection([](Connection& connection) { connection.OnStop(); });
  ForEachWebSocket(&LoopWebSocket::Stop);
  EndWhenDone();
}

void Loop::EndWhenDone() {
  if (stopping_ && connections_.empty() && websockets_.empty()) context_.stop();
}

void Loop::AwaitTick() {
  timer_.expires_after(std::chrono::nanoseconds(kTick));
  timer_.async_wait([this](error_code error) {
    if (!error) OnTick();
  });
}

void Loop::OnTick() {
  ++tick_;
  AwaitTick();
  if (std::exchange(accept_paused_, false)) Accept();
  ForEachConnection([](Connection& connection) { connection.OnTick(); });
  if (stopping_ && tick_ >= stop_at_) {
    ForEachConnection([](Connection& connection) { connection.Close(); });
    ForEachWebSocket(&LoopWebSocket::Abort);
  }
  EndWhenDone();
}

// Out of file descriptors or memory: tried again at the next tick.
void Loop::Accept() {
  if (!acceptor_.is_open()) return;
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) OnAccepted(std::move(socket));
    if (error && error != asio::error::connection_aborted) {
      accept_paused_ = true;
    } else {
      Accept();
    }
  });
}

void Loop::OnAccepted(tcp::socket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  const int share = (options_.max_connections - 1) / options_.io_threads + 1;
  if (connections_.size() >= static_cast<std::size_t>(share)) {
    counts_.refused.fetch_add(1, std::memory_order_relaxed);
    if (!tls_) socket.send(asio::buffer(kFull), 0, ignored);
    return;
  }
  socket.set_option(tcp::no_delay(true), ignored);
  const std::uint64_t number = next_connection_++;
  const auto connection = std::make_shared<Connection>(*this, number, Stream(std::move(socket), tls_.get()));
  connections_.emplace(number, connection);
  counts_.accepted.fetch_add(1, std::memory_order_relaxed);
  counts_.open.fetch_add(1, std::memory_order_relaxed);
  connection->Start();
}

void Loop::Handle(std::uint64_t connection, std::uint64_t request_number, const HttpRequest& request) {
  counts_.requests.fetch_add(1, std::memory_order_relaxed);
  try {
    (*handler_)(request, Responder(mailbox_, connection, request_number));
  } catch (const std::exception& exception) {
    LogError("a request handler threw", {{"path", request.path}, {"what", exception.what()}});
  }
}

void Loop::Deliver(std::uint64_t connection, std::uint64_t request, const HttpResponse& response) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  const std::shared_ptr<Connection> kept = found->second;
  kept->Answer(request, response);
}

void Loop::SettleSoon(std::shared_ptr<Connection> connection) {
  to_settle_.push_back(std::move(connection));
  if (to_settle_.size() == 1) asio::post(context_, [this] { SettleAll(); });
  if (to_settle_.size() == kMostSettled) SettleAll();
}

void Loop::SettleAll() {
  settling_.swap(to_settle_);
  for (const auto& connection : settling_) connection->Settle();
  settling_.clear();
}

void Loop::Forget(std::uint64_t connection) {
  if (connections_.erase(connection) > 0) counts_.open.fetch_sub(1, std::memory_order_relaxed);
  EndWhenDone();
}

void Loop::Upgrade(std::uint64_t connection, std::uint64_t request, const WebSocketLimits& limits,
                   std::shared_ptr<WebSocketListener> listener) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  const std::shared_ptr<Connection> kept = found->second;
  kept->Upgrade(request, limits, std::move(listener));
}

void Loop::Adopt(std::uint64_t connection, Stream stream, const HttpRequest& request, const WebSocketLimits& limits,
                 std::shared_ptr<WebSocketListener> listener) {
  const auto make = stream.secure() ? &MakeSecureWebSocket : &MakePlainWebSocket;
  const auto websocket = make(*this, connection, std::move(stream), limits, std::move(listener));
  websockets_.emplace(connection, websocket);
  counts_.websockets.fetch_add(1, std::memory_order_relaxed);
  Forget(connection);
  websocket->Start(request);
}

void Loop::ForgetWebSocket(std::uint64_t connection) {
  if (websockets_.erase(connection) > 0) counts_.websockets.fetch_sub(1, std::memory_order_relaxed);
  EndWhenDone();
}

}  // namespace http_internal
}  // namespace hone
