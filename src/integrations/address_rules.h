// Which addresses may be connected to. A webhook's address is configuration, and its host's name is resolved by
// somebody else: neither must make hone talk to what only this machine or network can reach (server-side request
// forgery).
//
// Allowed without a word: addresses of the public internet. Not: loopback, private, link-local (cloud metadata at
// 169.254.169.254 among them), shared, multicast, reserved and documentation ranges (IANA's special-purpose
// registries), nor IPv6 that carries such an IPv4 address or is not global unicast. `allow` names exceptions:
// addresses, CIDR ranges, or names of hosts, which then may have any address.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct sockaddr;

namespace hone {

// IPv4 addresses are those within ::ffff:0:0/96.
using IpAddress = std::array<std::uint8_t, 16>;
// "192.0.2.1", "2001:db8::1"
std::optional<IpAddress> ParseIpAddress(std::string_view text);
// "10.0.0.0/8" as /104 of the mapped form.
struct IpRange {
  IpAddress first{};
  int bits = 128;
  bool Contains(const IpAddress& address) const;
};
std::optional<IpRange> ParseIpRange(std::string_view text);

// On the public internet.
bool IsPublic(const IpAddress& address);

class AddressRules {
 public:
  AddressRules() = default;
  // Each an address, a CIDR range or a host's name. kInvalidArgument names what is none.
  static Result<AddressRules> Parse(const std::vector<std::string>& allow);

  bool Allows(std::string_view host, const IpAddress& address) const;
  // Resolves `host` once and gives the first of its addresses that is allowed, as text: connect to that and to nothing
  // else. kUnavailable where the name is not known, kInvalidArgument where none of its addresses is allowed. Blocks as
  // long as the system's resolver does.
  Result<std::string> Resolve(const std::string& host) const;
  // Of an address that somebody else found for `host`: kInvalidArgument where it is not allowed.
  Status Check(const std::string& host, const sockaddr& address) const;

 private:
  std::vector<IpRange> ranges_;
  std::vector<std::string> hosts_;
};

}  // namespace hone
