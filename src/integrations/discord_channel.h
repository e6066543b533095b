// Posts notices to a Discord webhook as messages that people read.
//
// Discord allows few messages a minute. Its limits are honoured: after 429 nothing is sent for `retry_after` seconds
// (of the body, else the header), and after an answer with X-RateLimit-Remaining: 0 not before X-RateLimit-Reset-After.
// What has gathered meanwhile is merged into one message, as much as fits.
// https://discord.com/developers/docs/topics/rate-limits
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "integrations/channel.h"
#include "integrations/http_destination.h"

namespace hone {

class DiscordChannel final : public Channel {
 public:
  explicit DiscordChannel(HttpDestination destination) : destination_(std::move(destination)) {}
  Delivery Send(std::span<const std::string> notices) override;

 private:
  HttpDestination destination_;
};

struct DiscordMessage {
  std::string body;         // JSON; it mentions nobody, whatever stands in labels
  std::size_t notices = 0;  // the first so many are told by it
};
// At least one of them: what does not fit of the first is counted in a last line. kCorrupt where the first is no
// notice; later ones that are none are left for another message.
Result<DiscordMessage> MakeDiscordMessage(std::span<const std::string> notices);

}  // namespace hone
