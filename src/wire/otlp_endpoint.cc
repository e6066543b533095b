#include "wire/otlp_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wire/http_target.h"
#include "wire/http_url.h"

namespace hone {
namespace {

constexpr std::string_view kPath = "/v1/traces";

Error Malformed(std::string_view url) {
  return {ErrorCode::kInvalidArgument,
          fmt::format(
              "must be an address such as http://127.0.0.1:4318 or https://collector, without user or query, is \"{}\"",
              url.substr(0, url.find('@') == url.npos ? 200 : 0)),
          "", 0, ""};
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
  std::optional<HttpUrl> read = ParseHttpUrl(url);
  if (!read || read->target.find('?') != std::string::npos) return Malformed(url);
  if (!whole) {
    while (read->target.ends_with('/')) read->target.pop_back();
    read->target += kPath;
  }
  return OtlpEndpoint{std::move(read->host), read->port, std::move(read->target), read->secure};
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
