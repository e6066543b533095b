#include "integrations/destination_settings.h"

#include <fmt/format.h>

#include <vector>

#include "base/duration_text.h"
#include "base/files.h"

namespace hone {
namespace {

constexpr std::size_t kLongestPassword = 4096;

// The first line.
void ReadPasswordFile(YamlMap& map, std::string& password) {
  std::string path;
  map.Read("password_file", path);
  if (!map.Has("password_file")) return;
  if (map.Has("password")) return map.Fail("password_file", "stands beside `password`; give one of them");
  Result<std::string> read = ReadFile(path, kLongestPassword);
  if (!read.ok()) return map.Fail("password_file", read.error().ToString());
  password = read->substr(0, read->find_first_of("\r\n"));
  if (password.empty()) map.Fail("password_file", "is empty; its first line must be the password");
}

}  // namespace

void ReadDuration(YamlMap& map, const char* key, Duration& value, Duration least, Duration most) {
  std::string text;
  map.Read(key, text);
  if (!map.Has(key)) return;
  const Result<Duration> read = ParseDuration(text);
  if (!read.ok()) return map.Fail(key, read.error().message);
  if (*read < least || *read > most) {
    return map.Fail(key, fmt::format("must be within [{}, {}], is {}", FormatDuration(least), FormatDuration(most),
                                     FormatDuration(*read)));
  }
  value = *read;
}

AddressRules ReadAllowed(YamlMap& map) {
  std::vector<std::string> allow;
  map.Read("allow", allow);
  const Result<AddressRules> rules = AddressRules::Parse(allow);
  if (rules.ok()) return *rules;
  map.Fail("allow", rules.error().message);
  return {};
}

void CheckAddress(YamlMap& map, const char* key, const std::string& host, const AddressRules& rules) {
  if (!ParseIpAddress(host) && host != "localhost") return;
  if (const Result<std::string> address = rules.Resolve(host); !address.ok()) map.Fail(key, address.error().message);
}

void ReadRedisServer(YamlMap& map, const AddressRules& rules, RedisServer& server) {
  map.Require("host");
  map.Read("host", server.host);
  map.Read("port", server.port, {.at_least = 1, .at_most = 65535});
  map.Read("database", server.database, {.at_least = 0, .at_most = 65535});
  map.Read("user", server.user);
  map.Read("password", server.password);
  ReadPasswordFile(map, server.password);
  server.rules = rules;
  CheckAddress(map, "host", server.host, rules);
}

}  // namespace hone
