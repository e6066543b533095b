#include "wire/http_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/control_characters.h"

namespace hone {
namespace {

constexpr std::size_t kMaxSegments = 64;
constexpr std::size_t kMaxParameters = 256;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Error Malformed(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message), "", 0, ""}; }

bool StandsForItself(char c) { return static_cast<unsigned char>(c) > 0x20 && c != '\x7f' && c != '%' && c != '+'; }

// Appends to `out`, whose memory is reused.
Status Decode(std::string_view text, bool plus_is_space, std::string& out) {
  if (std::ranges::all_of(text, StandsForItself)) {
    out += text;
    return OkStatus();
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Malformed("in the request target a % must be followed by two hex digits");
      c = static_cast<char>(high << 4 | low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (IsControl(c)) return Malformed("the request target may not hold control characters");
    out += c;
  }
  return OkStatus();
}

// "http://host:1/path" -> "/path"
std::string_view PathPart(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.empty() || target.front() == '/' || scheme == target.npos) return target;
  const std::size_t slash = target.find_first_of("/?", scheme + 3);
  if (slash == target.npos) return "/";
  return target.substr(slash);
}

Status ParseSegments(std::string_view path, HttpRequest& request) {
  request.segments.clear();
  request.path.clear();
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (request.segments.size() == kMaxSegments) return Malformed("the path has too many segments");
    std::string& decoded = request.segments.emplace_back();
    HONE_RETURN_IF_ERROR(Decode(segment, false, decoded));
    request.path += '/';
    request.path += decoded;
  }
  return OkStatus();
}

Status ParseQuery(std::string_view query, HttpRequest& request) {
  request.query.clear();
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) continue;
    if (request.query.size() == kMaxParameters) return Malformed("the query has too many parameters");
    QueryParameter& parameter = request.query.emplace_back();
    const std::size_t equals = part.find('=');
    HONE_RETURN_IF_ERROR(Decode(part.substr(0, equals), true, parameter.name));
    if (equals != part.npos) HONE_RETURN_IF_ERROR(Decode(part.substr(equals + 1), true, parameter.value));
  }
  return OkStatus();
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

Status ParseTarget(std::string_view target, HttpRequest& request) {
  target = PathPart(target.substr(0, target.find('#')));
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  if (path.empty() && question == 0) path = "/";
  if (path.empty() || path.front() != '/') return Malformed("the request target must be a path that begins with /");
  HONE_RETURN_IF_ERROR(ParseSegments(path, request));
  return ParseQuery(question == target.npos ? std::string_view() : target.substr(question + 1), request);
}

Result<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  HONE_RETURN_IF_ERROR(Decode(text, plus_is_space, decoded));
  return decoded;
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded += c;
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return encoded;
}

}  // namespace hone
