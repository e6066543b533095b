#include "wire/http_loop.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
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
// Connections accepted in one turn at most.
constexpr int kMostAccepted = 64;

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

thread_local Loop* current_loop = nullptr;

// One connection's failure is not the others'.
template <typename Act>
void Contain(const Act& act) {
  try {
    act();
  } catch (const std::exception& exception) {
    LogError("an I/O task threw", {{"what", exception.what()}});
  }
}

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
      timer_(context_),
      sockets_ready_(context_) {}

Loop::~Loop() {
  mailbox_->Close();
  ForEachConnection([](Connection& connection) { connection.Close(); });
  ForEachWebSocket(&LoopWebSocket::Abandon);
  if (sockets_ready_.is_open()) sockets_ready_.release();
}

error_code Loop::Listen(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.set_option(ReusePort(true), error);
  if (!error) acceptor_.set_option(tcp::no_delay(true), error);  // of each connection, too
  if (!error) acceptor_.non_blocking(true, error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) error = sockets_.Open();
  if (!error) sockets_ready_.assign(sockets_.handle(), error);
  if (!error) {
    Accept();
    AwaitSockets();
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
  while (!context_.stopped()) Contain([this] { context_.run(); });
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

// Connections are of the SocketPoll, all else is Asio's: its loop waits for both.
void Loop::AwaitSockets() {
  sockets_ready_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
    if (error) return;
    turn_ends_ = true;
    sockets_.Visit();
    EndTurn();
    AwaitSockets();
  });
}

// Out of file descriptors or memory: tried again at the next tick.
void Loop::Accept() {
  if (!acceptor_.is_open()) return;
  acceptor_.async_wait(tcp::acceptor::wait_read, [this](error_code error) {
    if (error == asio::error::operation_aborted) return;
    if (error || !AcceptSome()) {
      accept_paused_ = true;
    } else {
      Accept();
    }
  });
}

// Not by Asio, which would watch each connection itself.
bool Loop::AcceptSome() {
  for (int i = 0; i < kMostAccepted; ++i) {
    const int socket = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      OnAccepted(PlainSocket(socket));
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return errno == EAGAIN;
    }
  }
  return true;
}

void Loop::OnAccepted(PlainSocket socket) {
  const int share = (options_.max_connections - 1) / options_.io_threads + 1;
  if (connections_.size() >= static_cast<std::size_t>(share)) {
    counts_.refused.fetch_add(1, std::memory_order_relaxed);
    if (!tls_) socket.Send(kFull);
    return;
  }
  const std::uint64_t number = next_connection_++;
  const auto connection = std::make_shared<Connection>(*this, number, StreamOf(std::move(socket)));
  connections_.emplace(number, connection);
  counts_.accepted.fetch_add(1, std::memory_order_relaxed);
  counts_.open.fetch_add(1, std::memory_order_relaxed);
  connection->Start();
}

Stream Loop::StreamOf(PlainSocket socket) {
  if (tls_) return Stream(ToAsio(std::move(socket)), *tls_);
  return Stream(std::move(socket));
}

tcp::socket Loop::ToAsio(PlainSocket socket) {
  tcp::socket made(context_);
  error_code error;
  const int handle = socket.Release();
  made.assign(endpoint().protocol(), handle, error);
  if (error) ::close(handle);
  return made;
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

void Loop::SettleSoon(Connection* connection) {
  to_settle_.push_back(connection);
  if (to_settle_.size() == kMostSettled) SettleAll();
  EndTurnSoon();
}

void Loop::EndTurnSoon() {
  if (!std::exchange(turn_ends_, true)) asio::post(context_, [this] { EndTurn(); });
}

void Loop::EndTurn() {
  turn_ends_ = false;
  SettleAll();
  if (to_settle_.empty()) forgotten_.clear();  // a connection may be in both; its turn ends once more
}

void Loop::SettleAll() {
  std::vector<Connection*> all = std::exchange(to_settle_, std::move(spare_));
  for (Connection* connection : all) Contain([connection] { connection->Settle(); });
  all.clear();
  spare_ = std::move(all);
}

void Loop::Forget(std::uint64_t connection) {
  if (auto node = connections_.extract(connection)) {
    forgotten_.push_back(std::move(node.mapped()));
    counts_.open.fetch_sub(1, std::memory_order_relaxed);
    EndTurnSoon();
  }
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
