#include "api/websocket/topic.h"

namespace hone {
namespace {

constexpr std::array<std::string_view, kTopics> kNames = {"opportunity", "prediction", "execution",
                                                          "metrics",     "alert",      "heartbeat"};

}  // namespace

std::string_view TopicName(Topic topic) { return kNames[static_cast<std::size_t>(topic)]; }

std::optional<Topic> FindTopic(std::string_view name) {
  for (const Topic topic : kAllTopics) {
    if (TopicName(topic) == name) return topic;
  }
  return std::nullopt;
}

bool IsForClients(Topic topic) { return topic == Topic::kOpportunity || topic == Topic::kExecution; }

}  // namespace hone
