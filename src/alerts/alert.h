// An alert: something about a model that a person should know of, for as long as it is so.
//
// Its labels are its identity, as in Prometheus: the same labels are the same alert, raised once or a hundred times.
// `alertname` and `severity` are among them; what changes from time to time goes into the annotations.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "wire/json_writer.h"

namespace hone {

// Names and values; names are [a-zA-Z_][a-zA-Z0-9_]*.
using Labels = std::map<std::string, std::string>;

enum class AlertSeverity : std::uint8_t { kInfo, kWarning, kCritical };
const char* AlertSeverityName(AlertSeverity severity);  // "info", "warning", "critical"
Result<AlertSeverity> ParseAlertSeverity(std::string_view name);

struct Alert {
  Labels labels;
  Labels annotations;
  Time starts_at = 0;
  std::optional<Time> ends_at;     // it is resolved since then
  std::optional<Time> expires_at;  // firing, it resolves by itself then: it tells of an event, not of a state

  bool firing() const { return !ends_at.has_value(); }
  const char* state() const { return firing() ? "firing" : "resolved"; }
  // What the label says; kInfo where there is none.
  AlertSeverity severity() const;
};

// 16 hex digits: FNV-1a, 64 bits, over the labels sorted by name, each name and value followed by the byte 0xFF.
// Prometheus' and Alertmanager's fingerprint of the same labels.
std::string Fingerprint(const Labels& labels);

// All of `some` are among `labels` with the same values.
bool Includes(const Labels& labels, const Labels& some);

// {name:value,...}
void WriteLabels(const Labels& labels, JsonWriter& json);
std::string LabelsJson(const Labels& labels);
// kCorrupt where the text, of `source`, is no map of texts.
Result<Labels> ParseLabels(std::string_view json, const std::string& source);

}  // namespace hone
