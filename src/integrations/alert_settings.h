// The section `alerts` of the configuration of `hone serve`; docs/alerts.md explains every key.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/alert_desk.h"
#include "base/yaml.h"
#include "integrations/channel.h"
#include "integrations/courier.h"
#include "integrations/http_destination.h"
#include "integrations/kafka_channel.h"
#include "integrations/redis_channel.h"

namespace hone {

enum class ChannelType { kWebhook, kAlertmanager, kDiscord, kRedis, kKafka, kLog };

struct ChannelSettings {
  std::string name;
  ChannelType type = ChannelType::kLog;
  HttpDestination http;    // of the first three
  RedisDestination redis;  // of kRedis
  KafkaDestination kafka;  // of kKafka
};

struct AlertSettings {
  AlertOptions options;  // with a route for each channel
  RetryPolicy retry;
  std::vector<ChannelSettings> channels;
};

// Reads the keys present in `map` into `settings`; an absent map changes nothing. Errors, collected by the document
// with their lines, never show an address or a secret. Secrets and certificates are read where they are named: files,
// and variables of the environment.
void ReadAlertSettings(YamlMap map, AlertSettings& settings);

// `clock` must outlive it.
std::unique_ptr<Channel> MakeChannel(const ChannelSettings& channel, const AlertSettings& settings, const Clock& clock);

}  // namespace hone
