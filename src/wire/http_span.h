// The span of an HTTP request, with the attributes of OpenTelemetry's semantic conventions for HTTP servers:
// http.request.method, url.path, url.scheme, http.route, http.response.status_code, and error.type where it failed. No
// header and no query is told: they may hold secrets.
#pragma once

#include <memory>
#include <string_view>

#include "wire/http_message.h"
#include "wire/tracer.h"

namespace hone {

// Named by the method until SetHttpRoute is called.
std::unique_ptr<OpenSpan> OpenHttpSpan(const Tracer& tracer, const TraceStart& start, const HttpRequest& request);
// `pattern` as the router has it; the span is then "POST /predict/single". Does nothing where `span` is null.
void SetHttpRoute(OpenSpan* span, std::string_view pattern);
// Ends it; 5xx is a failure. The response then carries the span's own traceparent.
void EndHttpSpan(OpenSpan& span, HttpResponse& response);

}  // namespace hone
