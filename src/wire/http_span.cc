#include "wire/http_span.h"

#include <algorithm>
#include <array>
#include <string>

namespace hone {
namespace {

// Whatever else a client calls its method, the number of names stays bounded.
std::string_view KnownMethod(std::string_view method) {
  constexpr std::array<std::string_view, 9> kMethods = {"GET",     "HEAD",  "POST",    "PUT",  "DELETE",
                                                        "CONNECT", "TRACE", "OPTIONS", "PATCH"};
  return std::ranges::find(kMethods, method) != kMethods.end() ? method : std::string_view("_OTHER");
}

constexpr std::size_t kLongestPath = 256;

}  // namespace

std::unique_ptr<OpenSpan> OpenHttpSpan(const Tracer& tracer, const TraceStart& start, const HttpRequest& request) {
  const std::string_view method = KnownMethod(request.method);
  auto open = tracer.Open(start, method == "_OTHER" ? std::string_view("HTTP") : method, SpanKind::kServer);
  open->span().Set("http.request.method", method);
  open->span().Set("url.scheme", std::string_view(tracer.tls() ? "https" : "http"));
  open->span().Set("url.path", std::string_view(request.path).substr(0, kLongestPath));
  return open;
}

void SetHttpRoute(OpenSpan* open, std::string_view pattern) {
  if (open == nullptr || open->ended()) return;
  open->span().name += ' ';
  open->span().name += pattern;
  open->span().Set("http.route", pattern);
}

void EndHttpSpan(OpenSpan& open, HttpResponse& response) {
  if (open.ended()) return;
  Span& span = open.span();
  span.Set("http.response.status_code", std::int64_t{response.status});
  if (response.status >= 500) {
    span.failed = true;
    span.Set("error.type", std::to_string(response.status));
  }
  response.headers.push_back({"traceparent", FormatTraceparent(span.context)});
  open.End();
}

}  // namespace hone
