#include "alerts/alert_json.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone {
namespace {

constexpr const char* kNoTime = "0001-01-01T00:00:00Z";  // Go's zero, which receivers know

// Those that all alerts have, with the same values.
Labels CommonOf(const std::vector<Alert>& alerts, Labels Alert::*of) {
  Labels common = alerts.empty() ? Labels() : alerts.front().*of;
  for (const Alert& alert : alerts) {
    std::erase_if(common, [&](const auto& label) { return !Includes(alert.*of, {label}); });
  }
  return common;
}

std::string GroupKey(const Labels& group) {
  std::string text;
  for (const auto& [name, value] : group) text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ", ", name, value);
  return "{}:{" + text + "}";
}

void WriteNoticeAlert(const Alert& alert, const std::string& external_url, JsonWriter& json) {
  json.BeginMap().Member("status", alert.state()).Key("labels");
  WriteLabels(alert.labels, json);
  json.Key("annotations");
  WriteLabels(alert.annotations, json);
  json.Member("startsAt", FormatTime(alert.starts_at))
      .Member("endsAt", alert.firing() ? kNoTime : FormatTime(*alert.ends_at))
      .Member("generatorURL", external_url)
      .Member("fingerprint", Fingerprint(alert.labels))
      .EndMap();
}

Labels LabelsOf(const JsonValue* map) {
  Labels labels;
  if (map == nullptr || !map->is_map()) return labels;
  for (std::size_t i = 0; i < map->keys.size(); ++i) labels[map->keys[i]] = map->items[i].text;
  return labels;
}

std::string TextOf(const JsonValue& map, const char* key) {
  const JsonValue* value = map.Find(key);
  return value != nullptr ? value->text : "";
}

Result<Alert> ParseNoticeAlert(const JsonValue& map) {
  Alert alert{.labels = LabelsOf(map.Find("labels")), .annotations = LabelsOf(map.Find("annotations"))};
  HONE_ASSIGN_OR_RETURN(alert.starts_at, ParseTime(TextOf(map, "startsAt")));
  if (TextOf(map, "status") == "resolved") {
    HONE_ASSIGN_OR_RETURN(alert.ends_at, ParseTime(TextOf(map, "endsAt")));
  }
  return alert;
}

Result<JsonValue> ParseNoticeJson(std::string_view json) {
  constexpr std::size_t kMostBytes = 64 << 20;
  Result<JsonValue> value = ParseJson(json, {.source = "notice", .bytes = kMostBytes});
  if (!value.ok()) return Error{ErrorCode::kCorrupt, value.error().message, "notice"};
  return value;
}

Result<AlertNotice> NoticeOf(const JsonValue& value) {
  AlertNotice notice{LabelsOf(value.Find("groupLabels")), {}};
  const JsonValue* alerts = value.Find("alerts");
  if (alerts == nullptr || !alerts->is_list()) return Error{ErrorCode::kCorrupt, "has no alerts", "notice"};
  for (const JsonValue& item : alerts->items) {
    HONE_ASSIGN_OR_RETURN(Alert alert, ParseNoticeAlert(item));
    notice.alerts.push_back(std::move(alert));
  }
  return notice;
}

}  // namespace

void WriteAlert(const Alert& alert, const std::vector<Id>& silenced_by, JsonWriter& json) {
  json.BeginMap()
      .Member("fingerprint", Fingerprint(alert.labels))
      .Member("state", alert.state())
      .Member("severity", AlertSeverityName(alert.severity()))
      .Key("labels");
  WriteLabels(alert.labels, json);
  json.Key("annotations");
  WriteLabels(alert.annotations, json);
  json.Member("starts_at", FormatTime(alert.starts_at));
  json.Member("ends_at", alert.firing() ? std::nullopt : std::optional(FormatTime(*alert.ends_at)));
  json.Key("silenced_by").BeginList();
  for (const Id& id : silenced_by) json.Value(id.ToString());
  json.EndList().EndMap();
}

void WriteSilence(const Silence& silence, Time now, JsonWriter& json) {
  json.BeginMap().Member("id", silence.id.ToString()).Key("matchers").BeginList();
  for (const LabelMatcher& matcher : silence.matchers) json.Value(matcher.ToString());
  json.EndList()
      .Member("starts_at", FormatTime(silence.starts_at))
      .Member("ends_at", FormatTime(silence.ends_at))
      .Member("created_by", silence.created_by)
      .Member("comment", silence.comment)
      .Member("active", silence.active(now))
      .EndMap();
}

std::string NoticeJson(const AlertNotice& notice, const std::string& receiver, const std::string& external_url) {
  JsonWriter json;
  json.BeginMap()
      .Member("version", "4")
      .Member("groupKey", GroupKey(notice.group))
      .Member("truncatedAlerts", 0)
      .Member("status", notice.firing() ? "firing" : "resolved")
      .Member("receiver", receiver)
      .Key("groupLabels");
  WriteLabels(notice.group, json);
  json.Key("commonLabels");
  WriteLabels(CommonOf(notice.alerts, &Alert::labels), json);
  json.Key("commonAnnotations");
  WriteLabels(CommonOf(notice.alerts, &Alert::annotations), json);
  json.Member("externalURL", external_url).Key("alerts").BeginList();
  for (const Alert& alert : notice.alerts) WriteNoticeAlert(alert, external_url, json);
  json.EndList().EndMap();
  return json.Take();
}

Result<AlertNotice> ParseNotice(std::string_view json) {
  HONE_ASSIGN_OR_RETURN(const JsonValue value, ParseNoticeJson(json));
  return NoticeOf(value);
}

Result<std::vector<NoticeAlert>> SplitNotice(std::string_view json) {
  HONE_ASSIGN_OR_RETURN(const JsonValue value, ParseNoticeJson(json));
  HONE_ASSIGN_OR_RETURN(const AlertNotice notice, NoticeOf(value));
  std::vector<NoticeAlert> split;
  for (const Alert& alert : notice.alerts) {
    JsonWriter writer;
    WriteNoticeAlert(alert, TextOf(value, "externalURL"), writer);
    split.push_back({Fingerprint(alert.labels), writer.Take()});
  }
  return split;
}

}  // namespace hone
