// A connection to a Redis server: opened, logged in, asked one thing after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "integrations/address_rules.h"

struct redisContext;

namespace hone {

struct RedisServer {
  std::string host;
  int port = 6379;
  int database = 0;
  std::string user, password;  // "" for none
  AddressRules rules;
  Duration timeout = 5 * kSecond;  // of connecting, and of each wait for an answer

  std::string place() const;  // host:port
};

// What a server answers.
struct RedisReply {
  bool nil = false;
  std::string text;               // of a string or status
  std::int64_t integer = 0;       // of a number
  std::vector<RedisReply> items;  // of a list
};

// One thread at a time. Errors never hold a password.
class RedisConnection {
 public:
  // Resolves the host, connects to that address, logs in, selects the database. The system's resolver takes the time it
  // takes. kUnavailable; kInvalidArgument where the address may not be connected to or the server refuses.
  static Result<RedisConnection> Open(const RedisServer& server);
  RedisConnection(RedisConnection&&) noexcept = default;
  RedisConnection& operator=(RedisConnection&&) noexcept = default;

  // A command and its arguments. kUnavailable: the connection is of no use any more; kInvalidArgument: the server's own
  // words for what it refuses.
  Result<RedisReply> Ask(std::span<const std::string_view> words);
  Result<RedisReply> Ask(std::initializer_list<std::string_view> words) {
    return Ask(std::span(words.begin(), words.size()));
  }

 private:
  struct Close {
    void operator()(redisContext* context) const;
  };
  explicit RedisConnection(redisContext* context) : context_(context) {}
  Status LogIn(const RedisServer& server);

  std::unique_ptr<redisContext, Close> context_;
};

}  // namespace hone
