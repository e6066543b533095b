// Addresses that requests are sent to: http:// and https://, no user, no fragment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hone {

struct HttpUrl {
  std::string host;  // name or address, of IPv6 without brackets
  int port = 80;
  std::string target = "/";  // path and query
  bool secure = false;       // https
};

// "https://host/path?query", "http://[::1]:9093"; without a port 80, of https 443. Nothing for anything else: what is
// told of it is the caller's to choose, since an address may hold a secret.
std::optional<HttpUrl> ParseHttpUrl(std::string_view text);

}  // namespace hone
