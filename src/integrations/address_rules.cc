#include "integrations/address_rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

namespace hone {
namespace {

constexpr int kMappedBits = 96;
constexpr IpAddress kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool IsMapped(const IpAddress& address) { return std::equal(kMapped.begin(), kMapped.begin() + 12, address.begin()); }

// Of IPv4, as IANA's registry of special-purpose addresses lists them.
constexpr std::array kReserved4 = {
    "0.0.0.0/8",       "10.0.0.0/8",    "100.64.0.0/10",   "127.0.0.0/8",     "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",    "192.0.2.0/24",  "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
    "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",  "224.0.0.0/4",    "240.0.0.0/4"};
constexpr const char* kGlobal6 = "2000::/3";
// Within it: Teredo and other protocols, documentation, 6to4 (which carries any IPv4 address).
constexpr std::array kReserved6 = {"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"};

bool IsHostName(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::string TextOf(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (IsMapped(address)) {
    inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, address.data(), text, sizeof text);
  }
  return text;
}

std::optional<IpAddress> AddressOf(const sockaddr* socket) {
  IpAddress address = kMapped;
  if (socket->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, socket, sizeof in);
    std::memcpy(address.data() + 12, &in.sin_addr, 4);
    return address;
  }
  if (socket->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 in{};
  std::memcpy(&in, socket, sizeof in);
  std::memcpy(address.data(), &in.sin6_addr, 16);
  return address;
}

Error NotAllowed(const std::string& host, const std::string& address) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("{} is not an address of the public internet; `alerts.allow` names exceptions", address), host};
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  const std::string whole(text);
  IpAddress address = kMapped;
  if (inet_pton(AF_INET, whole.c_str(), address.data() + 12) == 1) return address;
  if (inet_pton(AF_INET6, whole.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

bool IpRange::Contains(const IpAddress& address) const {
  for (int bit = 0; bit < bits; bit += 8) {
    const int mask = bits - bit >= 8 ? 0xFF : 0xFF & (0xFF << (8 - (bits - bit)));
    const auto byte = static_cast<std::size_t>(bit / 8);
    if ((address[byte] & mask) != (first[byte] & mask)) return false;
  }
  return true;
}

std::optional<IpRange> ParseIpRange(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::optional<IpAddress> address = ParseIpAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpRange range{*address, 128};
  if (slash == text.size()) return range;
  const std::string_view digits = text.substr(slash + 1);
  int bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool mapped = text.substr(0, slash).find(':') == text.npos;
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > (mapped ? 32 : 128)) {
    return std::nullopt;
  }
  range.bits = mapped ? kMappedBits + bits : bits;
  return range;
}

bool IsPublic(const IpAddress& address) {
  const auto within = [&address](const char* range) { return ParseIpRange(range)->Contains(address); };
  if (IsMapped(address)) return std::ranges::none_of(kReserved4, within);
  return within(kGlobal6) && std::ranges::none_of(kReserved6, within);
}

Result<AddressRules> AddressRules::Parse(const std::vector<std::string>& allow) {
  AddressRules rules;
  for (const std::string& text : allow) {
    if (const std::optional<IpRange> range = ParseIpRange(text)) {
      rules.ranges_.push_back(*range);
    } else if (IsHostName(text) && text.find_first_not_of("0123456789.") != text.npos) {
      rules.hosts_.push_back(Lower(text));
    } else {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("must be addresses, ranges or hosts such as 127.0.0.1, 10.0.0.0/8, alerts.lan; \"{}\" is none",
                      text.substr(0, 64))};
    }
  }
  return rules;
}

bool AddressRules::Allows(std::string_view host, const IpAddress& address) const {
  return IsPublic(address) || std::ranges::find(hosts_, Lower(host)) != hosts_.end() ||
         std::ranges::any_of(ranges_, [&](const IpRange& range) { return range.Contains(address); });
}

Result<std::string> AddressRules::Resolve(const std::string& host) const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &found); failed != 0) {
    return Error{ErrorCode::kUnavailable, fmt::format("the host is unknown: {}", gai_strerror(failed)), host};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
  std::string refused;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    const std::optional<IpAddress> address = AddressOf(entry->ai_addr);
    if (!address) continue;
    if (Allows(host, *address)) return TextOf(*address);
    refused = TextOf(*address);
  }
  return NotAllowed(host, refused);
}

Status AddressRules::Check(const std::string& host, const sockaddr& address) const {
  const std::optional<IpAddress> read = AddressOf(&address);
  if (read && Allows(host, *read)) return OkStatus();
  return NotAllowed(host, read ? TextOf(*read) : "what is neither IPv4 nor IPv6");
}

}  // namespace hone
