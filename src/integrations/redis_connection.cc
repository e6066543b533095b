#include "integrations/redis_connection.h"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/time.h>

namespace hone {
namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

RedisReply Told(const redisReply& reply) {
  RedisReply told;
  told.nil = reply.type == REDIS_REPLY_NIL;
  told.integer = reply.type == REDIS_REPLY_INTEGER ? reply.integer : 0;
  if (reply.type == REDIS_REPLY_STRING || reply.type == REDIS_REPLY_STATUS) told.text.assign(reply.str, reply.len);
  for (std::size_t i = 0; reply.type == REDIS_REPLY_ARRAY && i < reply.elements; ++i) {
    told.items.push_back(Told(*reply.element[i]));
  }
  return told;
}

}  // namespace

std::string RedisServer::place() const { return fmt::format("{}:{}", host, port); }

void RedisConnection::Close::operator()(redisContext* context) const { redisFree(context); }

Result<RedisReply> RedisConnection::Ask(std::span<const std::string_view> words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(
      redisCommandArgv(context_.get(), static_cast<int>(texts.size()), texts.data(), sizes.data())));
  const std::string command(words.front());
  if (!reply) return Error{ErrorCode::kUnavailable, fmt::format("{}: {}", command, context_->errstr)};
  if (reply->type != REDIS_REPLY_ERROR) return Told(*reply);
  return Error{ErrorCode::kInvalidArgument, fmt::format("{}: {}", command, std::string_view(reply->str, reply->len))};
}

Status RedisConnection::LogIn(const RedisServer& server) {
  if (server.password.empty() && server.user.empty()) return OkStatus();
  const Result<RedisReply> done =
      server.user.empty() ? Ask({"AUTH", server.password}) : Ask({"AUTH", server.user, server.password});
  if (done.ok()) return OkStatus();
  if (done.error().code == ErrorCode::kUnavailable) return done.error();
  return Error{ErrorCode::kInvalidArgument, "AUTH was refused"};  // a server may say the words back
}

Result<RedisConnection> RedisConnection::Open(const RedisServer& server) {
  HONE_ASSIGN_OR_RETURN(const std::string address, server.rules.Resolve(server.host));
  const timeval limit{server.timeout / kSecond, static_cast<suseconds_t>(server.timeout % kSecond / 1'000)};
  RedisConnection redis(redisConnectWithTimeout(address.c_str(), server.port, limit));
  if (!redis.context_ || redis.context_->err != 0) {
    const char* why = redis.context_ ? redis.context_->errstr : "no memory";
    return Error{ErrorCode::kUnavailable, fmt::format("cannot connect: {}", why)};
  }
  redisSetTimeout(redis.context_.get(), limit);
  HONE_RETURN_IF_ERROR(redis.LogIn(server));
  if (server.database != 0) HONE_RETURN_IF_ERROR(redis.Ask({"SELECT", std::to_string(server.database)}));
  return redis;
}

}  // namespace hone
