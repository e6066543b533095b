#include "wire/http_url.h"

#include <algorithm>
#include <charconv>

namespace hone {
namespace {

constexpr std::string_view kPlain = "http://", kSecure = "https://";

bool IsHostText(char c) {
  return c > ' ' && c <= '~' && std::string_view("/?#@\"<>\\^`{|}").find(c) == std::string_view::npos;
}

bool ReadPort(std::string_view text, int& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

// "host", "host:port", "[::1]:port"
bool ReadAuthority(std::string_view text, HttpUrl& url) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  if (colon != text.npos && !ReadPort(text.substr(colon + 1), url.port)) return false;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  url.host = host;
  return !host.empty() && std::ranges::all_of(host, IsHostText);
}

bool IsTargetText(char c) { return c > ' ' && c <= '~' && c != '#' && c != '@'; }

}  // namespace

std::optional<HttpUrl> ParseHttpUrl(std::string_view text) {
  HttpUrl url;
  url.secure = text.starts_with(kSecure);
  if (!url.secure && !text.starts_with(kPlain)) return std::nullopt;
  if (url.secure) url.port = 443;
  const std::string_view rest = text.substr(url.secure ? kSecure.size() : kPlain.size());
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view target = rest.substr(end);
  if (!ReadAuthority(rest.substr(0, end), url) || !std::ranges::all_of(target, IsTargetText)) return std::nullopt;
  if (!target.empty()) url.target = target;
  if (url.target.starts_with('?')) url.target.insert(0, 1, '/');
  return url;
}

}  // namespace hone
