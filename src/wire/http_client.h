// A small blocking HTTP/1.1 client: command-line subcommands, tests, webhooks. One connection, kept alive and opened
// anew when the server has closed it. Not thread-safe.
//
//   HttpClient client("127.0.0.1", 8000);
//   HONE_ASSIGN_OR_RETURN(HttpAnswer answer, client.Post("/outcomes", body));
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "wire/http_message.h"
#include "wire/tls_trust.h"

namespace hone {

struct HttpAnswer {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  std::string_view Header(std::string_view name) const { return FindHeader(headers, name); }
};

// What Retry-After asks for, at most an hour; 0 where it is not there, or is a date, which some send too.
Duration RetryAfter(const HttpAnswer& answer);

class HttpClient {
 public:
  // `timeout` bounds each call as a whole; `max_body_bytes` the answer's body. With `trust` it speaks HTTPS. `address`:
  // what to connect to, an IP address, where the host is not to be looked up; its name and certificate stay those asked
  // for.
  HttpClient(std::string host, int port, Duration timeout = 10 * kSecond, std::size_t max_body_bytes = 64u << 20,
             std::shared_ptr<TlsTrust> trust = nullptr, std::string address = "");
  ~HttpClient();

  // Any status is an answer; errors, kUnavailable, are: no connection, a certificate that is not trusted or of another
  // host, a broken or overlong answer, the timeout. Each names host:port. Redirects are answers too: none is followed.
  // A request on a kept connection that the server closed before any byte of the answer is sent once
  // more only if it is a GET or HEAD.
  Result<HttpAnswer> Get(std::string_view target);
  Result<HttpAnswer> Post(std::string_view target, std::string_view body,
                          std::string_view content_type = "application/json");
  Result<HttpAnswer> Send(std::string_view method, std::string_view target, std::string_view body,
                          const HttpHeaders& headers = {});

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace hone
