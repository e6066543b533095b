// The target of a request line: "/models/vol%20a?limit=3" (RFC 9112, origin form; absolute form is taken by its path).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/http_message.h"

namespace hone {

// Sets path, segments and query of `request`. kInvalidArgument: no leading '/', a '%' without two hex digits, a control
// character or NUL, also encoded, more than 64 segments or 256 query parameters. A '#' ends the target.
Status ParseTarget(std::string_view target, HttpRequest& request);

// "a%20b" -> "a b"; '+' stays, unless `plus_is_space`. Errors as ParseTarget.
Result<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);
// Everything but unreserved characters (RFC 3986, 2.3) encoded.
std::string PercentEncode(std::string_view text);

}  // namespace hone
