// Errors as HTTP answers: application/problem+json (RFC 9457).
//
//   {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no model \"vol\"","code":"not_found"}
#pragma once

#include <string>

#include "base/result.h"
#include "wire/http_message.h"

namespace hone {

// 400, 404, 409, 503, 507 or 500, as base/result.h says.
int HttpStatus(ErrorCode code);

// `detail` is error.message; error.source, line and key are members where they are set. kUnavailable also sends
// `Retry-After: 1`.
HttpResponse ProblemResponse(const Error& error);
// For statuses that no ErrorCode has (405, 413, 431 ...).
HttpResponse ProblemResponse(int status, std::string detail);

}  // namespace hone
