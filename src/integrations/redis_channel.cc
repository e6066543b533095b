#include "integrations/redis_channel.h"

#include <fmt/format.h>

namespace hone {
namespace {

Status Tell(const RedisDestination& to, const std::string& notice) {
  HONE_ASSIGN_OR_RETURN(RedisConnection redis, RedisConnection::Open(to.server));
  if (!to.stream.empty()) {
    HONE_RETURN_IF_ERROR(
        redis.Ask({"XADD", to.stream, "MAXLEN", "~", std::to_string(to.stream_length), "*", "alert", notice}));
  }
  if (!to.publish.empty()) HONE_RETURN_IF_ERROR(redis.Ask({"PUBLISH", to.publish, notice}));
  return OkStatus();
}

}  // namespace

// A server that refuses one notice refuses all: a wrong password, a key of another type, no memory left.
Delivery RedisChannel::Send(std::span<const std::string> notices) {
  const Status told = Tell(destination_, notices.front());
  if (told.ok()) return Delivered();
  return Unreachable(fmt::format("{}: {}", destination_.server.place(), told.error().message));
}

}  // namespace hone
