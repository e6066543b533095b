#include "alerts/alert.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/json.h"

namespace hone {

const char* AlertSeverityName(AlertSeverity severity) {
  switch (severity) {
    case AlertSeverity::kInfo: return "info";
    case AlertSeverity::kWarning: return "warning";
    case AlertSeverity::kCritical: return "critical";
  }
  return "info";
}

Result<AlertSeverity> ParseAlertSeverity(std::string_view name) {
  for (const auto severity : {AlertSeverity::kInfo, AlertSeverity::kWarning, AlertSeverity::kCritical}) {
    if (name == AlertSeverityName(severity)) return severity;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("must be info, warning or critical, is \"{}\"", name.substr(0, 64)), "", 0, "severity"};
}

AlertSeverity Alert::severity() const {
  const auto label = labels.find("severity");
  if (label == labels.end()) return AlertSeverity::kInfo;
  const Result<AlertSeverity> severity = ParseAlertSeverity(label->second);
  return severity.ok() ? *severity : AlertSeverity::kInfo;
}

std::string Fingerprint(const Labels& labels) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  const auto add = [&hash](char byte) { hash = (hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211U; };
  for (const auto& [name, value] : labels) {
    std::ranges::for_each(name, add);
    add('\xFF');
    std::ranges::for_each(value, add);
    add('\xFF');
  }
  return fmt::format("{:016x}", hash);
}

bool Includes(const Labels& labels, const Labels& some) {
  return std::ranges::all_of(some, [&labels](const auto& label) {
    const auto found = labels.find(label.first);
    return found != labels.end() && found->second == label.second;
  });
}

void WriteLabels(const Labels& labels, JsonWriter& json) {
  json.BeginMap();
  for (const auto& [name, value] : labels) json.Member(name, value);
  json.EndMap();
}

std::string LabelsJson(const Labels& labels) {
  JsonWriter json;
  WriteLabels(labels, json);
  return json.Take();
}

Result<Labels> ParseLabels(std::string_view json, const std::string& source) {
  const Result<JsonValue> value = ParseJson(json);
  if (!value.ok() || !value->is_map()) return Error{ErrorCode::kCorrupt, "labels must be a map of texts", source};
  Labels labels;
  for (std::size_t i = 0; i < value->keys.size(); ++i) {
    if (!value->items[i].is_text()) return Error{ErrorCode::kCorrupt, "labels must be a map of texts", source};
    labels[value->keys[i]] = value->items[i].text;
  }
  return labels;
}

}  // namespace hone
