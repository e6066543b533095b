#include "wire/otlp_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "wire/http_target.h"

namespace hone {
namespace {

constexpr std::string_view kPlain = "http://", kSecure = "https://";
constexpr std::string_view kPath = "/v1/traces";

Error Malformed(std::string_view url) {
  return {ErrorCode::kInvalidArgument,
          fmt::format(
              "must be an address such as http://127.0.0.1:4318 or https://collector, without user or query, is \"{}\"",
              url.substr(0, url.find('@') == url.npos ? 200 : 0)),
          "", 0, ""};
}

bool IsHostText(char c) {
  return c > ' ' && c <= '~' && std::string_view("/?#@\"<>\\^`{|}").find(c) == std::string_view::npos;
}

bool ReadPort(std::string_view text, int& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

// "host", "host:port", "[::1]:port"
bool ReadAuthority(std::string_view text, OtlpEndpoint& endpoint) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  if (colon != text.npos && !ReadPort(text.substr(colon + 1), endpoint.port)) return false;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  endpoint.host = host;
  return !host.empty() && std::ranges::all_of(host, IsHostText);
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool IsToken(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<OtlpEndpoint> ParseOtlpEndpoint(std::string_view url, bool whole) {
  OtlpEndpoint endpoint;
  endpoint.secure = url.starts_with(kSecure);
  if (!endpoint.secure && !url.starts_with(kPlain)) return Malformed(url);
  if (endpoint.secure) endpoint.port = 443;
  std::string_view rest = url.substr(endpoint.secure ? kSecure.size() : kPlain.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view path = rest.substr(slash);
  if (!ReadAuthority(rest.substr(0, slash), endpoint)) return Malformed(url);
  if (path.find_first_of("?#@") != path.npos ||
      !std::ranges::all_of(path, [](char c) { return c > ' ' && c <= '~'; })) {
    return Malformed(url);
  }
  if (whole) {
    endpoint.target = path.empty() ? "/" : std::string(path);
  } else {
    while (!path.empty() && path.back() == '/') path.remove_suffix(1);
    endpoint.target = std::string(path) + std::string(kPath);
  }
  return endpoint;
}

Result<HttpHeaders> ParseOtlpHeaders(std::string_view text) {
  HttpHeaders headers;
  for (int item = 1; !text.empty(); ++item) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view pair = Trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = Trimmed(pair.substr(0, equals));
    const Result<std::string> value = PercentDecode(Trimmed(pair.substr(std::min(equals + 1, pair.size()))));
    if (equals == pair.size() || !IsToken(name) || !value.ok()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("item {} of the list must be name=value, the value percent-encoded", item), "", 0, ""};
    }
    headers.push_back({std::string(name), *value});
  }
  return headers;
}

}  // namespace hone
