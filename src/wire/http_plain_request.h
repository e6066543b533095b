// A request as nearly every client sends it, read in one pass: HTTP/1.1, whole, its body counted by Content-Length, no
// header that asks for anything special. Internal to the server.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wire/http_message.h"
#include "wire/http_server.h"

namespace hone::http_internal {

// The length of the request that `bytes` begin with, which is to be kept alive; method, target, headers and body are
// filled. 0 where it is anything else, right or wrong, not all there, or beyond a limit: the general parser
// (http_request_parser.h) has the word then, and `request` holds anything. What this reads, that would read the same.
std::size_t TakePlainRequest(std::string_view bytes, const HttpServerOptions& limits, HttpRequest& request,
                             std::string& target);

}  // namespace hone::http_internal
