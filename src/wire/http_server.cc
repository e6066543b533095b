#include "wire/http_server.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

#include "wire/http_loop.h"
#include "wire/http_problem.h"
#include "wire/http_span.h"

namespace hone {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int kMaxThreads = 256;

std::string Place(const HttpServerOptions& options) {
  const bool v6 = options.host.find(':') != options.host.npos;
  return v6 ? fmt::format("[{}]:{}", options.host, options.port) : fmt::format("{}:{}", options.host, options.port);
}

Error Refused(const HttpServerOptions& options, const error_code& error) {
  if (error == asio::error::address_in_use) {
    return {ErrorCode::kConflict, "the port is in use; stop the other program or choose another port", Place(options),
            0, ""};
  }
  if (error == asio::error::access_denied) {
    return {ErrorCode::kUnavailable, "the system does not permit listening here; ports below 1024 need privileges",
            Place(options), 0, ""};
  }
  return {ErrorCode::kUnavailable, fmt::format("cannot listen: {}", error.message()), Place(options), 0, ""};
}

Status CheckRange(const char* key, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value >= low && value <= high) return OkStatus();
  return Error{ErrorCode::kInvalidArgument, fmt::format("must be within [{}, {}], is {}", low, high, value), "", 0,
               key};
}

Status Check(const HttpServerOptions& options) {
  HONE_RETURN_IF_ERROR(CheckRange("port", options.port, 0, 65535));
  HONE_RETURN_IF_ERROR(CheckRange("io_threads", options.io_threads, 1, kMaxThreads));
  HONE_RETURN_IF_ERROR(CheckRange("max_connections", options.max_connections, 1, 1'000'000));
  HONE_RETURN_IF_ERROR(
      CheckRange("max_header_bytes", static_cast<std::int64_t>(options.max_header_bytes), 256, 1 << 20));
  return CheckRange("max_body_bytes", static_cast<std::int64_t>(options.max_body_bytes), 0, 1 << 30);
}

Result<tcp::endpoint> Resolve(asio::io_context& context, const HttpServerOptions& options) {
  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(options.host, std::to_string(options.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("the host is unknown: {}", error.message()), Place(options),
                 0, ""};
  }
  return found.begin()->endpoint();
}

// Sockets that all share a port would also share it with another program's, so one that does not share asks first.
error_code FindTaken(asio::io_context& context, const tcp::endpoint& endpoint) {
  tcp::acceptor probe(context);
  error_code error;
  probe.open(endpoint.protocol(), error);
  if (!error) probe.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) probe.bind(endpoint, error);
  return error;
}

}  // namespace

Responder::Responder(std::shared_ptr<http_internal::Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
    : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}

Responder::Responder(Responder&& other) noexcept
    : mailbox_(std::move(other.mailbox_)),
      connection_(other.connection_),
      request_(other.request_),
      span_(std::move(other.span_)) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  std::swap(mailbox_, other.mailbox_);
  std::swap(connection_, other.connection_);
  std::swap(request_, other.request_);
  std::swap(span_, other.span_);
  return *this;
}

Responder::~Responder() {
  if (mailbox_) Send(ProblemResponse(Error{ErrorCode::kInternal, "the request was not answered", "", 0, ""}));
}

void Responder::Send(HttpResponse response) {
  const auto mailbox = std::exchange(mailbox_, nullptr);
  if (!mailbox) return;
  if (span_) EndHttpSpan(*span_, response);
  mailbox->Put(connection_, request_, std::move(response));
}

void Responder::Trace(std::unique_ptr<OpenSpan> span) { span_ = std::move(span); }

void Responder::Upgrade(std::shared_ptr<WebSocketListener> listener, const WebSocketLimits& limits) {
  const auto mailbox = std::exchange(mailbox_, nullptr);
  if (!mailbox) return;
  if (HttpResponse switched{.status = 101}; span_) EndHttpSpan(*span_, switched);
  mailbox->Upgrade(connection_, request_, limits, std::move(listener));
}

HttpServer::HttpServer() = default;
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(const HttpServerOptions& options, HttpHandler handler,
                                                       const std::shared_ptr<TlsContext>& tls) {
  HONE_RETURN_IF_ERROR(Check(options));
  asio::io_context context;
  HONE_ASSIGN_OR_RETURN(tcp::endpoint endpoint, Resolve(context, options));
  if (const error_code error = FindTaken(context, endpoint)) return Refused(options, error);

  std::unique_ptr<HttpServer> server(new HttpServer);
  const auto shared = std::make_shared<const HttpHandler>(std::move(handler));
  for (int i = 0; i < options.io_threads; ++i) {
    auto loop = std::make_unique<http_internal::Loop>(i, options, shared, tls);
    if (const error_code error = loop->Listen(endpoint)) return Refused(options, error);
    endpoint = loop->endpoint();
    server->loops_.push_back(std::move(loop));
  }
  server->port_ = endpoint.port();
  return server;
}

int HttpServer::port() const { return port_; }
int HttpServer::io_threads() const { return static_cast<int>(loops_.size()); }

void HttpServer::Run(int io_thread) { loops_[static_cast<std::size_t>(io_thread)]->Run(); }

void HttpServer::Post(int io_thread, std::function<void()> task) {
  loops_[static_cast<std::size_t>(io_thread)]->Post(std::move(task));
}

void HttpServer::PostAfter(int io_thread, Duration delay, std::function<void()> task) {
  loops_[static_cast<std::size_t>(io_thread)]->PostAfter(delay, std::move(task));
}

void HttpServer::Stop(Duration drain) {
  for (const auto& loop : loops_) loop->Stop(drain);
}

HttpServerCounts HttpServer::counts() const {
  HttpServerCounts sum;
  for (const auto& loop : loops_) {
    const http_internal::LoopCounts& counts = loop->counts();
    sum.accepted += counts.accepted.load(std::memory_order_relaxed);
    sum.refused += counts.refused.load(std::memory_order_relaxed);
    sum.requests += counts.requests.load(std::memory_order_relaxed);
    sum.malformed += counts.malformed.load(std::memory_order_relaxed);
    sum.timed_out += counts.timed_out.load(std::memory_order_relaxed);
    sum.open += counts.open.load(std::memory_order_relaxed);
    sum.websockets += counts.websockets.load(std::memory_order_relaxed);
    sum.websockets_slow += counts.websockets_slow.load(std::memory_order_relaxed);
  }
  return sum;
}

}  // namespace hone
