#include "wire/http_client.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "wire/tls_trust_context.h"

namespace hone {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using beast::error_code;

namespace {

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// Seconds.
Duration RetryAfter(const HttpAnswer& answer) {
  const std::string_view text = answer.Header("Retry-After");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool sound = error == std::errc() && end == text.data() + text.size() && seconds > 0;
  return sound ? std::min(seconds, 3600) * kSecond : 0;
}

struct HttpClient::Connection {
  using Response = http::response_parser<http::string_body>;

  std::string host, address;  // address: what to connect to instead of what the host is found at
  int port = 0;
  Duration timeout = 0;
  std::size_t max_body_bytes = 0;
  asio::io_context context;
  std::shared_ptr<TlsTrust> trust;  // null: plain HTTP
  std::optional<beast::tcp_stream> stream;
  std::optional<asio::ssl::stream<beast::tcp_stream&>> secure;  // over it
  beast::flat_buffer buffer;

  // Runs one asynchronous operation to its end.
  template <typename Start>
  error_code Wait(const Start& start) {
    error_code result = asio::error::operation_aborted;
    context.restart();
    start([&result](error_code error, auto&&...) { result = error; });
    context.run();
    return result;
  }

  Error Failed(std::string what, const error_code& error) const {
    const bool late = error == beast::error::timeout;
    return {ErrorCode::kUnavailable,
            late ? fmt::format("{}: no answer within {} ms", what, timeout / kMillisecond)
                 : fmt::format("{}: {}", what, error.message()),
            fmt::format("{}:{}", host, port), 0, ""};
  }

  void Disconnect() {
    secure.reset();
    stream.reset();
    buffer.clear();
  }

  void RestartTimeout() { stream->expires_after(std::chrono::nanoseconds(timeout)); }

  Status Connect() {
    tcp::resolver resolver(context);
    error_code error;
    const auto found =
        resolver.resolve(address.empty() ? host : address, std::to_string(port), tcp::resolver::numeric_service, error);
    if (error) return Failed("the host is unknown", error);
    stream.emplace(context);
    RestartTimeout();
    error = Wait([&](auto done) { stream->async_connect(found, std::move(done)); });
    if (!error) stream->socket().set_option(tcp::no_delay(true), error);
    if (!error) return trust ? Secure() : OkStatus();
    Disconnect();
    return Failed("cannot connect", error);
  }

  Status Secure() {
    secure.emplace(*stream, static_cast<http_internal::OpenSslTrust&>(*trust).context);
    SSL* const handle = secure->native_handle();
    error_code no_address;
    asio::ip::make_address(host, no_address);
    if (no_address) SSL_set_tlsext_host_name(handle, host.c_str());  // an address is no name to be served by
    secure->set_verify_callback(asio::ssl::host_name_verification(host));
    const error_code error = Wait([&](auto done) { secure->async_handshake(asio::ssl::stream_base::client, done); });
    if (!error) return OkStatus();
    const long verified = SSL_get_verify_result(handle);
    Error failed = Failed("no TLS connection", error);
    if (verified != X509_V_OK) failed.message += fmt::format(", {}", X509_verify_cert_error_string(verified));
    Disconnect();
    return failed;
  }

  template <typename Stream>
  error_code ExchangeOver(Stream& channel, http::request<http::string_body>& request, Response& response) {
    error_code error = Wait([&](auto done) { http::async_write(channel, request, std::move(done)); });
    if (!error || error == asio::error::broken_pipe || error == asio::error::connection_reset) {
      const error_code written = error;  // a server may answer and close before it has read the whole request
      error = Wait([&](auto done) { http::async_read(channel, buffer, response, std::move(done)); });
      if (error && written) error = written;
    }
    return error;
  }
  error_code Exchange(http::request<http::string_body>& request, Response& response) {
    return secure ? ExchangeOver(*secure, request, response) : ExchangeOver(*stream, request, response);
  }
};

HttpClient::HttpClient(std::string host, int port, Duration timeout, std::size_t max_body_bytes,
                       std::shared_ptr<TlsTrust> trust, std::string address)
    : connection_(std::make_unique<Connection>()) {
  connection_->host = std::move(host);
  connection_->port = port;
  connection_->timeout = timeout;
  connection_->max_body_bytes = max_body_bytes;
  connection_->trust = std::move(trust);
  connection_->address = std::move(address);
}

HttpClient::~HttpClient() = default;

Result<HttpAnswer> HttpClient::Get(std::string_view target) { return Send("GET", target, "", {}); }

Result<HttpAnswer> HttpClient::Post(std::string_view target, std::string_view body, std::string_view content_type) {
  return Send("POST", target, body, {{"Content-Type", std::string(content_type)}});
}

namespace {

http::request<http::string_body> MakeRequest(std::string_view method, std::string_view target, std::string_view body,
                                             const HttpHeaders& headers, const std::string& host) {
  http::request<http::string_body> request;
  request.method_string(beast::string_view(method.data(), method.size()));
  request.target(beast::string_view(target.data(), target.size()));
  request.set(http::field::host, host);
  for (const HttpHeader& header : headers) request.set(header.name, header.value);
  request.body().assign(body);
  request.prepare_payload();
  return request;
}

HttpAnswer TakeAnswer(http::response<http::string_body> message) {
  HttpAnswer answer;
  answer.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    answer.headers.push_back({std::string(View(field.name_string())), std::string(View(field.value()))});
  }
  answer.body = std::move(message.body());
  return answer;
}

}  // namespace

Result<HttpAnswer> HttpClient::Send(std::string_view method, std::string_view target, std::string_view body,
                                    const HttpHeaders& headers) {
  Connection& connection = *connection_;
  const bool safe = method == "GET" || method == "HEAD";
  const bool bare = connection.host.find(':') != std::string::npos;  // an IPv6 address: RFC 3986, 3.2.2
  const std::string host = bare ? "[" + connection.host + "]" : connection.host;
  auto request = MakeRequest(method, target, body, headers, fmt::format("{}:{}", host, connection.port));
  while (true) {
    const bool kept = connection.stream.has_value();
    if (!kept) HONE_RETURN_IF_ERROR(connection.Connect());
    Connection::Response response;
    response.body_limit(connection.max_body_bytes);
    response.skip(method == "HEAD");
    connection.RestartTimeout();
    const error_code error = connection.Exchange(request, response);
    if (!error) {
      if (!response.get().keep_alive()) connection.Disconnect();
      return TakeAnswer(response.release());
    }
    connection.Disconnect();
    if (!kept || !safe || response.got_some() || error == beast::error::timeout) {
      return connection.Failed(fmt::format("{} {}", method, target.substr(0, 200)), error);
    }
  }
}

}  // namespace hone
