#include "wire/http_plain_request.h"

#include <array>
#include <bit>
#include <cstdint>

#include "base/eight_bytes.h"
#include "wire/http_header_filler.h"

namespace hone::http_internal {
namespace {

constexpr std::size_t kMostDigits = 15;  // of a body's length
constexpr std::string_view kVersion = " HTTP/1.1\r\n";

enum CharacterKind : std::uint8_t { kNone = 0, kToken = 1, kTarget = 2, kText = 4 };

// RFC 9110, 5.6.2 and 5.5: what names, request targets and values are made of.
constexpr std::array<std::uint8_t, 256> MakeKinds() {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) kinds[c] = kTarget | kText;
  for (std::size_t c = 0x80; c < 0x100; ++c) kinds[c] = kText;
  kinds[' '] = kinds['\t'] = kText;
  for (const unsigned char c :
       std::string_view("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) {
    kinds[c] |= kToken;
  }
  return kinds;
}

constexpr std::array<std::uint8_t, 256> kKinds = MakeKinds();

// Behind the characters of kText that `at` begins with.
const char* PassText(const char* at, const char* end) {
  constexpr std::ptrdiff_t kWord = sizeof(std::uint64_t);
  while (end - at >= kWord) {
    const std::uint64_t controls = ControlBytes(EightBytes(at));
    at += controls == 0 ? kWord : static_cast<std::ptrdiff_t>(std::countr_zero(controls)) / 8;
    if (controls == 0) continue;
    if (*at != '\t') return at;
    ++at;
  }
  while (at != end && (kKinds[static_cast<unsigned char>(*at)] & kText) != 0) ++at;
  return at;
}

class Scanner {
 public:
  explicit Scanner(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  // The characters of a kind that stand here.
  std::string_view TakeAll(CharacterKind kind) {
    const char* const begin = at_;
    const char* at = begin;
    while (at != end_ && (kKinds[static_cast<unsigned char>(*at)] & kind) != 0) ++at;
    at_ = at;
    return {begin, static_cast<std::size_t>(at - begin)};
  }
  std::string_view TakeText() {
    const char* const begin = at_;
    at_ = PassText(at_, end_);
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }
  bool Take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool TakeVersion() {
    if (left().size() < kVersion.size() || std::memcmp(at_, kVersion.data(), kVersion.size()) != 0) return false;
    at_ += kVersion.size();
    return true;
  }
  std::string_view left() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

 private:
  const char* at_;
  const char* end_;
};

std::string_view WithoutSpace(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// `name` is a token as long as `lower`, which has small letters and hyphens only: no other token differs in that bit.
template <std::size_t size>
bool Is(const char (&lower)[size], std::string_view name) {
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if ((name[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

struct Framing {
  int hosts = 0;
  bool length_given = false;
  std::size_t length = 0;
};

bool ReadLength(std::string_view value, Framing& framing) {
  if (framing.length_given || value.empty() || value.size() > kMostDigits) return false;
  framing.length_given = true;
  for (const char c : value) {
    if (c < '0' || c > '9') return false;
    framing.length = 10 * framing.length + static_cast<std::size_t>(c - '0');
  }
  return true;
}

// False for what changes how the request is framed or answered.
bool ReadHeader(std::string_view name, std::string_view value, Framing& framing) {
  switch (name.size()) {
    case 4: framing.hosts += Is("host", name) ? 1 : 0; return true;
    case 6: return !Is("expect", name);
    case 7: return !Is("upgrade", name);
    case 10: return !Is("connection", name) || SameHeaderName(value, "keep-alive");
    case 14: return !Is("content-length", name) || ReadLength(value, framing);
    case 16: return !Is("proxy-connection", name);
    case 17: return !Is("transfer-encoding", name);
    default: return true;
  }
}

bool TakeHeaders(Scanner& in, HttpHeaders& headers, Framing& framing) {
  HeaderFiller filler(headers);
  while (!in.Take('\r')) {
    const std::string_view name = in.TakeAll(kToken);
    if (name.empty() || !in.Take(':')) return false;
    const std::string_view value = WithoutSpace(in.TakeText());
    if (!in.Take('\r') || !in.Take('\n') || !ReadHeader(name, value, framing)) return false;
    filler.Add(name, value);
  }
  filler.Cut();
  return in.Take('\n');
}

}  // namespace

std::size_t TakePlainRequest(std::string_view bytes, const HttpServerOptions& limits, HttpRequest& request,
                             std::string& target) {
  Scanner in(bytes);
  request.method.assign(in.TakeAll(kToken));
  if (request.method.empty() || !in.Take(' ')) return 0;
  target.assign(in.TakeAll(kTarget));
  Framing framing;
  if (target.empty() || !in.TakeVersion() || !TakeHeaders(in, request.headers, framing)) return 0;
  const std::size_t head = bytes.size() - in.left().size();
  if (framing.hosts != 1 || head > limits.max_header_bytes || framing.length > limits.max_body_bytes) return 0;
  if (in.left().size() < framing.length) return 0;
  request.body.assign(in.left().substr(0, framing.length));
  return head + framing.length;
}

}  // namespace hone::http_internal
