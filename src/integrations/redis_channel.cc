#include "integrations/redis_channel.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

namespace hone {
namespace {

struct CloseRedis {
  void operator()(redisContext* context) const { redisFree(context); }
};
using Redis = std::unique_ptr<redisContext, CloseRedis>;
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

// The server's own words for what it refuses: kInvalidArgument.
Status Run(redisContext& redis, std::initializer_list<std::string_view> words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  const std::unique_ptr<redisReply, FreeReply> reply(
      static_cast<redisReply*>(redisCommandArgv(&redis, static_cast<int>(texts.size()), texts.data(), sizes.data())));
  const std::string command(*words.begin());
  if (!reply) return Error{ErrorCode::kUnavailable, fmt::format("{}: {}", command, redis.errstr)};
  if (reply->type != REDIS_REPLY_ERROR) return OkStatus();
  return Error{ErrorCode::kInvalidArgument, fmt::format("{}: {}", command, std::string_view(reply->str, reply->len))};
}

Status LogIn(redisContext& redis, const RedisDestination& to) {
  if (to.password.empty() && to.user.empty()) return OkStatus();
  Status done = to.user.empty() ? Run(redis, {"AUTH", to.password}) : Run(redis, {"AUTH", to.user, to.password});
  if (done.ok() || done.error().code == ErrorCode::kUnavailable) return done;
  return Error{ErrorCode::kInvalidArgument, "AUTH was refused"};  // a server may say the words back
}

Result<Redis> Connect(const RedisDestination& to) {
  HONE_ASSIGN_OR_RETURN(const std::string address, to.rules.Resolve(to.host));
  const timeval limit{to.timeout / kSecond, static_cast<suseconds_t>(to.timeout % kSecond / 1'000)};
  Redis redis(redisConnectWithTimeout(address.c_str(), to.port, limit));
  if (!redis || redis->err != 0) {
    return Error{ErrorCode::kUnavailable, fmt::format("cannot connect: {}", redis ? redis->errstr : "no memory")};
  }
  redisSetTimeout(redis.get(), limit);
  HONE_RETURN_IF_ERROR(LogIn(*redis, to));
  if (to.database != 0) HONE_RETURN_IF_ERROR(Run(*redis, {"SELECT", std::to_string(to.database)}));
  return redis;
}

Status Tell(const RedisDestination& to, const std::string& notice) {
  HONE_ASSIGN_OR_RETURN(const Redis redis, Connect(to));
  if (!to.stream.empty()) {
    HONE_RETURN_IF_ERROR(
        Run(*redis, {"XADD", to.stream, "MAXLEN", "~", std::to_string(to.stream_length), "*", "alert", notice}));
  }
  return to.publish.empty() ? OkStatus() : Run(*redis, {"PUBLISH", to.publish, notice});
}

}  // namespace

// A server that refuses one notice refuses all: a wrong password, a key of another type, no memory left.
Delivery RedisChannel::Send(std::span<const std::string> notices) {
  const Status told = Tell(destination_, notices.front());
  if (told.ok()) return Delivered();
  return Unreachable(fmt::format("{}:{}: {}", destination_.host, destination_.port, told.error().message));
}

}  // namespace hone
