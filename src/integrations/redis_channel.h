// Tells notices to whoever listens at a Redis server: PUBLISH to a channel, XADD to a stream, or both.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "integrations/channel.h"
#include "integrations/redis_connection.h"

namespace hone {

struct RedisDestination {
  RedisServer server;
  std::string publish, stream;          // what to publish to, what to add to; one of them at least
  std::int64_t stream_length = 10'000;  // about how many entries the stream keeps
};

// A notice is published as it is, and added to the stream as the field `alert`. What nobody listens to counts as
// delivered: Redis has it. Where the stream has taken it and publishing fails, it is added again.
class RedisChannel final : public Channel {
 public:
  explicit RedisChannel(RedisDestination destination) : destination_(std::move(destination)) {}
  Delivery Send(std::span<const std::string> notices) override;

 private:
  RedisDestination destination_;
};

}  // namespace hone
