// What the sections of a configuration have in common that say where something is sent.
#pragma once

#include <string>

#include "base/time.h"
#include "base/yaml.h"
#include "integrations/address_rules.h"
#include "integrations/redis_connection.h"

namespace hone {

// Each keeps the value where the key is absent; errors are collected by the document and never show a secret.
void ReadDuration(YamlMap& map, const char* key, Duration& value, Duration least, Duration most);
// The key `allow`: addresses, ranges and hosts outside the public internet that may be connected to.
AddressRules ReadAllowed(YamlMap& map);
// Names are looked up when something is sent; what needs no looking up is refused at once.
void CheckAddress(YamlMap& map, const char* key, const std::string& host, const AddressRules& rules);
// A secret: in the configuration (`key`), on the first line of a file (`key`_file), or in a variable of the environment
// (`key`_env).
void ReadSecret(YamlMap& map, const std::string& key, std::string& secret);
// The keys host, port, database, user and the password's.
void ReadRedisServer(YamlMap& map, const AddressRules& rules, RedisServer& server);

}  // namespace hone
