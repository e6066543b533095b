// Where traces go, as OpenTelemetry's variables and hone's flag word it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/http_message.h"

namespace hone {

struct OtlpEndpoint {
  std::string host;
  int port = 80;
  std::string target = "/v1/traces";
  bool secure = false;  // https
};

// "http://127.0.0.1:4318" or "https://collector/otlp": the base to which /v1/traces is appended, or, where `whole`, the
// whole address. Without a port 80, of https 443. kInvalidArgument for anything else.
Result<OtlpEndpoint> ParseOtlpEndpoint(std::string_view url, bool whole = false);

// "api-key=secret,team=desk%201": values percent-encoded, as in OTEL_EXPORTER_OTLP_HEADERS. Errors name the place in
// the list, never a value.
Result<HttpHeaders> ParseOtlpHeaders(std::string_view text);

}  // namespace hone
