// Tells alerts to a Kafka topic: a message for each alert of a notice. Its key is the alert's fingerprint, put into a
// partition as Java's clients do (murmur2), so that what is told of one alert lies in one partition, in the order it
// was told, and a compacted topic keeps the newest of each; its value is the alert as webhooks have it (alert_json.h).
//
// Delivered is what all in-sync replicas have acknowledged (acks=all), each message of a notice; the producer is
// idempotent, so that what librdkafka repeats within a call is written once. What a call could not deliver is told
// again by a later one and may then lie there twice, as everything that is told at least once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "integrations/address_rules.h"
#include "integrations/channel.h"

namespace hone {

struct KafkaDestination {
  std::vector<std::string> brokers;  // host:port, to begin with; the cluster tells the others
  std::string topic;                 // must exist, unless the brokers create it
  bool tls = false;                  // the broker's certificate must be for its host
  std::string ca, certificate, key;  // PEM files; "": the system's authorities, no certificate of our own
  std::string mechanism;             // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; "": no SASL
  std::string user, password;        // of SASL
  AddressRules rules;                // of every address connected to, whoever named it
  Duration timeout = 5 * kSecond;    // of a call: connecting, logging in, acknowledgement
};

// Connects anew for each call, within which it tells one notice after the other. librdkafka runs threads of its own
// during it. A message that is too large is refused; all else is a cluster that takes nothing now. Without librdkafka
// (OpenKafka in kafka_library.h) nothing is.
class KafkaChannel final : public Channel {
 public:
  explicit KafkaChannel(KafkaDestination destination) : destination_(std::move(destination)) {}
  Delivery Send(std::span<const std::string> notices) override;

 private:
  KafkaDestination destination_;
};

}  // namespace hone
