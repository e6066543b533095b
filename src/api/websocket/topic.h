// What a client of the WebSocket can follow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hone {

enum class Topic : std::uint8_t {
  kOpportunity,  // published by the user's own processes
  kPrediction,   // each prediction that was answered
  kExecution,    // published by the user's own processes
  kMetrics,      // the running figures of a model, every few seconds
  kAlert,        // decisions (promotions, roll backs, ...) and drift
  kHeartbeat,    // the server is there
};
inline constexpr std::size_t kTopics = 6;
inline constexpr std::array<Topic, kTopics> kAllTopics = {Topic::kOpportunity, Topic::kPrediction, Topic::kExecution,
                                                          Topic::kMetrics,     Topic::kAlert,      Topic::kHeartbeat};

// "opportunity", "prediction", "execution", "metrics", "alert", "heartbeat"
std::string_view TopicName(Topic topic);
std::optional<Topic> FindTopic(std::string_view name);
// A client may publish it; the others are the server's own.
bool IsForClients(Topic topic);

}  // namespace hone
