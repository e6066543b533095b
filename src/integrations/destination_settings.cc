#include "integrations/destination_settings.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "base/duration_text.h"
#include "base/files.h"

namespace hone {
namespace {

constexpr std::size_t kLongestSecret = 4096;

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

void ReadSecret(YamlMap& map, const std::string& key, std::string& secret) {
  const std::string file_key = key + "_file", variable_key = key + "_env";
  std::string file, variable;
  map.Read(key, secret);
  map.Read(file_key, file);
  map.Read(variable_key, variable);
  if (map.Has(key) + map.Has(file_key) + map.Has(variable_key) > 1) {
    return map.Fail(key, fmt::format("stands beside {} or {}: one of them", file_key, variable_key));
  }
  if (map.Has(file_key)) {
    Result<std::string> read = ReadFile(file, kLongestSecret);
    if (!read.ok()) return map.Fail(file_key, read.error().ToString());
    secret = read->substr(0, read->find_first_of("\r\n"));
    if (secret.empty()) map.Fail(file_key, "the file is empty; its first line must be it");
  }
  if (map.Has(variable_key)) {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0') return map.Fail(variable_key, fmt::format("{} is not set", variable));
    secret = value;
  }
}

void ReadRedisServer(YamlMap& map, const AddressRules& rules, RedisServer& server) {
  map.Require("host");
  map.Read("host", server.host);
  map.Read("port", server.port, {.at_least = 1, .at_most = 65535});
  map.Read("database", server.database, {.at_least = 0, .at_most = 65535});
  map.Read("user", server.user);
  ReadSecret(map, "password", server.password);
  server.rules = rules;
  CheckAddress(map, "host", server.host, rules);
}

}  // namespace hone
