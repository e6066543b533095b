#include "integrations/alert_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/files.h"
#include "integrations/alertmanager_channel.h"
#include "integrations/destination_settings.h"
#include "integrations/discord_channel.h"
#include "integrations/kafka_library.h"
#include "integrations/log_channel.h"
#include "integrations/webhook_channel.h"
#include "records/drift_event.h"

namespace hone {
namespace {

constexpr std::size_t kMostChannels = 32;
constexpr std::array kTypes = {"webhook", "alertmanager", "discord",
                               "redis",   "kafka",        "log"};  // in ChannelType's order

void ReadSeverity(YamlMap& map, AlertSeverity& severity) {
  if (!map.Has("at_least")) return;
  std::string name = AlertSeverityName(severity);
  map.ReadChoice("at_least", name, {"info", "warning", "critical"});
  if (const Result<AlertSeverity> read = ParseAlertSeverity(name); read.ok()) severity = *read;
}

void ReadRules(YamlMap& map, AlertRules& rules) {
  ReadDuration(map, "events_last", rules.events_last, kSecond, 365 * kDay);
  map.Read("performance_sure", rules.performance_sure);
  if (!map.Has("drift_at_least")) return;
  std::string name;
  map.ReadChoice("drift_at_least", name, {"low", "medium", "high", "critical"});
  for (const Severity severity : {Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    if (name == SeverityName(severity)) rules.drift_at_least = severity;
  }
}

void ReadTiming(YamlMap& map, AlertTiming& timing) {
  map.Read("group_by", timing.group_by);
  ReadDuration(map, "group_wait", timing.group_wait, 0, kDay);
  ReadDuration(map, "group_interval", timing.group_interval, kSecond, 30 * kDay);
  ReadDuration(map, "repeat_interval", timing.repeat_interval, kSecond, 365 * kDay);
  ReadDuration(map, "resolved_kept", timing.resolved_kept, 0, 365 * kDay);
}

bool IsChannelName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void ReadHttp(YamlMap& map, const AddressRules& rules, HttpDestination& http) {
  map.Require("url");
  std::string url, ca;
  map.Read("url", url);
  map.Read("authorization", http.authorization);
  map.Read("ca", ca);
  ReadDuration(map, "timeout", http.timeout, 100 * kMillisecond, 60 * kSecond);
  http.rules = rules;
  if (http.authorization.find_first_of("\r\n") != std::string::npos) map.Fail("authorization", "must be one line");
  const std::optional<HttpUrl> read = ParseHttpUrl(url);
  if (map.Has("url") && !read) map.Fail("url", "must be http://host[:port][/path] or https://..., without user or #");
  if (!read) return;
  http.url = *read;
  CheckAddress(map, "url", http.url.host, rules);
  if (!http.url.secure) {
    if (!ca.empty()) map.Fail("ca", "is for an https:// url");
    return;
  }
  Result<std::shared_ptr<TlsTrust>> trust = TlsTrust::Load(ca);
  if (!trust.ok()) return map.Fail("ca", trust.error().ToString());
  http.trust = std::move(trust).value();
}

void ReadRedis(YamlMap& map, const AddressRules& rules, RedisDestination& redis) {
  ReadRedisServer(map, rules, redis.server);
  map.Read("publish", redis.publish);
  map.Read("stream", redis.stream);
  map.Read("stream_length", redis.stream_length, {.at_least = 1, .at_most = 1e9});
  ReadDuration(map, "timeout", redis.server.timeout, 100 * kMillisecond, 60 * kSecond);
  if (redis.publish.empty() && redis.stream.empty()) {
    map.Fail("type", "needs `publish: CHANNEL` or `stream: KEY`, or both");
  }
}

// The host of "host:port" or "[::1]:port"; "" where it is neither.
std::string BrokerHost(std::string_view broker) {
  const std::size_t colon = std::min(broker.rfind(':'), broker.size());
  std::string_view host = broker.substr(0, colon), digits = broker.substr(std::min(colon + 1, broker.size()));
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool is_port = error == std::errc() && end == digits.data() + digits.size() && port >= 1 && port <= 65535;
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const char* others = bracketed ? " ,/[]" : " ,/[]:";
  return is_port && host.find_first_of(others) == host.npos ? std::string(host) : std::string();
}

void ReadBrokers(YamlMap& map, KafkaDestination& kafka) {
  map.Require("brokers");
  map.Read("brokers", kafka.brokers);
  if (map.Has("brokers") && kafka.brokers.empty()) map.Fail("brokers", "must name one broker at least");
  for (const std::string& broker : kafka.brokers) {
    const std::string host = BrokerHost(broker);
    if (host.empty()) return map.Fail("brokers", "must be host:port each, such as [10.1.2.3:9092, kafka.lan:9092]");
    CheckAddress(map, "brokers", host, kafka.rules);
  }
}

// Topics' names as the brokers take them.
bool IsTopic(const std::string& name) {
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

void ReadPem(YamlMap& map, const char* key, bool tls, std::string& path) {
  map.Read(key, path);
  if (!map.Has(key)) return;
  if (!tls) return map.Fail(key, "is for `tls: true`");
  if (const Result<std::string> pem = ReadFile(path, 1 << 20); !pem.ok()) map.Fail(key, pem.error().ToString());
}

void ReadSasl(YamlMap& map, KafkaDestination& kafka) {
  map.Read("user", kafka.user);
  ReadSecret(map, "password", kafka.password);
  if (!map.Has("sasl")) {
    if (!kafka.user.empty() || !kafka.password.empty()) {
      map.Fail("type", "a user or a password needs `sasl: plain`, `scram-sha-256` or `scram-sha-512`");
    }
    return;
  }
  std::string mechanism;
  map.ReadChoice("sasl", mechanism, {"plain", "scram-sha-256", "scram-sha-512"});
  if (kafka.user.empty() || kafka.password.empty()) map.Fail("sasl", "needs a user and a password");
  for (const char c : mechanism) kafka.mechanism += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

void ReadKafka(YamlMap& map, const AddressRules& rules, KafkaDestination& kafka) {
  kafka.rules = rules;
  ReadBrokers(map, kafka);
  map.Require("topic");
  map.Read("topic", kafka.topic);
  if (map.Has("topic") && !IsTopic(kafka.topic)) map.Fail("topic", "must be 1 to 249 of a-z, A-Z, 0-9, ., _ and -");
  map.Read("tls", kafka.tls);
  ReadPem(map, "ca", kafka.tls, kafka.ca);
  ReadPem(map, "certificate", kafka.tls, kafka.certificate);
  ReadPem(map, "key", kafka.tls, kafka.key);
  if (kafka.certificate.empty() != kafka.key.empty()) map.Fail("type", "`certificate` and `key` go together");
  ReadSasl(map, kafka);
  ReadDuration(map, "timeout", kafka.timeout, 100 * kMillisecond, 60 * kSecond);
  if (const Result<std::string> library = ProbeKafka(); !library.ok()) map.Fail("type", library.error().message);
}

void ReadChannel(YamlMap map, const AddressRules& rules, AlertSettings& settings) {
  ChannelSettings channel;
  AlertRoute route;
  map.Require("name");
  map.Require("type");
  map.Read("name", channel.name);
  std::string type;
  map.ReadChoice("type", type, {kTypes.begin(), kTypes.end()});
  ReadSeverity(map, route.at_least);
  map.Read("resolved", route.resolved);
  if (map.Has("name") && !IsChannelName(channel.name)) map.Fail("name", "must be 1 to 64 of a-z, 0-9, _ and -");
  if (std::ranges::any_of(settings.channels, [&](const auto& other) { return other.name == channel.name; })) {
    map.Fail("name", "another channel has this name");
  }
  const auto found = std::ranges::find(kTypes, type);
  if (found == kTypes.end()) {
    std::string unread;  // which keys it may have depends on the type: none of them is complained of
    for (const std::string& key : map.Keys()) map.Read(key, unread);
    return;
  }
  channel.type = static_cast<ChannelType>(found - kTypes.begin());
  if (channel.type == ChannelType::kRedis) ReadRedis(map, rules, channel.redis);
  if (channel.type == ChannelType::kKafka) ReadKafka(map, rules, channel.kafka);
  if (channel.type < ChannelType::kRedis) ReadHttp(map, rules, channel.http);
  route.channel = channel.name;
  settings.channels.push_back(std::move(channel));
  settings.options.routes.push_back(std::move(route));
}

}  // namespace

void ReadAlertSettings(YamlMap map, AlertSettings& settings) {
  if (!map.present()) return;
  ReadTiming(map, settings.options.timing);
  ReadRules(map, settings.options.rules);
  ReadDuration(map, "measure_every", settings.options.measure_every, kSecond, kDay);
  ReadDuration(map, "retry_first", settings.retry.first, 100 * kMillisecond, kDay);
  ReadDuration(map, "retry_longest", settings.retry.longest, 100 * kMillisecond, kDay);
  ReadDuration(map, "keep", settings.retry.keep, 60 * kSecond, 365 * kDay);
  map.Read("external_url", settings.options.external_url);
  const AddressRules rules = ReadAllowed(map);
  std::vector<YamlMap> channels = map.Maps("channels");
  if (channels.size() > kMostChannels) return map.Fail("channels", fmt::format("must be at most {}", kMostChannels));
  for (YamlMap& channel : channels) ReadChannel(channel, rules, settings);
}

std::unique_ptr<Channel> MakeChannel(const ChannelSettings& channel, const AlertSettings& settings,
                                     const Clock& clock) {
  switch (channel.type) {
    case ChannelType::kWebhook: return std::make_unique<WebhookChannel>(channel.http);
    case ChannelType::kAlertmanager:
      return std::make_unique<AlertmanagerChannel>(
          channel.http, 2 * (settings.options.timing.repeat_interval + settings.options.timing.group_interval), clock);
    case ChannelType::kDiscord: return std::make_unique<DiscordChannel>(channel.http);
    case ChannelType::kRedis: return std::make_unique<RedisChannel>(channel.redis);
    case ChannelType::kKafka: return std::make_unique<KafkaChannel>(channel.kafka);
    case ChannelType::kLog: break;
  }
  return std::make_unique<LogChannel>();
}

}  // namespace hone
