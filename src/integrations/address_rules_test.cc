#include "integrations/address_rules.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

TEST(AddressRules, OnlyThePublicInternetIsPublic) {
  for (const char* text : {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "192.167.255.255", "100.63.0.1",
                           "100.128.0.1", "169.253.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::8888"}) {
    EXPECT_TRUE(IsPublic(ParseIpAddress(text).value())) << text;
  }
  // IANA's registries of special-purpose addresses, and what carries such an address.
  for (const char* text : {"0.0.0.0",
                           "10.0.0.1",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.170",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:169.254.169.254",
                           "64:ff9b::a00:1",
                           "fe80::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:a9fe:a9fe::1",
                           "3fff::1",
                           "100::1",
                           "5f00::1"}) {
    EXPECT_FALSE(IsPublic(ParseIpAddress(text).value())) << text;
  }
}

TEST(AddressRules, ExceptionsAreNamed) {
  const auto rules = AddressRules::Parse({"10.1.0.0/16", "127.0.0.1", "fd00::/8", "Alerts.lan"});
  ASSERT_TRUE(rules.ok()) << rules.error().ToString();
  const auto allows = [&](const char* host, const char* address) {
    return rules->Allows(host, ParseIpAddress(address).value());
  };
  EXPECT_TRUE(allows("any", "10.1.255.1"));
  EXPECT_FALSE(allows("any", "10.2.0.1"));
  EXPECT_TRUE(allows("any", "127.0.0.1"));
  EXPECT_FALSE(allows("any", "127.0.0.2"));
  EXPECT_TRUE(allows("any", "fd12::1"));
  EXPECT_TRUE(allows("alerts.LAN", "192.168.0.9"));
  EXPECT_FALSE(allows("alerts.lan.evil.example", "192.168.0.9"));
  EXPECT_TRUE(allows("any", "8.8.8.8"));
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "300.1.1.1", "1.2.3", "::1/129", "a b", "a/8"}) {
    EXPECT_EQ(AddressRules::Parse({text}).error().code, ErrorCode::kInvalidArgument) << text;
  }
}

TEST(AddressRules, ANameIsResolvedAndWhatItGivesIsChecked) {
  const auto refused = AddressRules().Resolve("localhost");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  const auto allowed = AddressRules::Parse({"127.0.0.0/8"})->Resolve("localhost");
  ASSERT_TRUE(allowed.ok()) << allowed.error().ToString();
  EXPECT_EQ(*allowed, "127.0.0.1");
  // Other spellings of loopback that a resolver understands.
  for (const char* text : {"2130706433", "0x7f.1", "127.1", "0177.0.0.1", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(AddressRules().Resolve(text).ok()) << text;
  }
  EXPECT_EQ(AddressRules().Resolve("no.such.host.invalid").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace hone
