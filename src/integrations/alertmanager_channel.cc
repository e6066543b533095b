#include "integrations/alertmanager_channel.h"

#include <utility>

#include "alerts/alert_json.h"
#include "wire/json_writer.h"

namespace hone {

AlertmanagerChannel::AlertmanagerChannel(HttpDestination destination, Duration lease, const Clock& clock)
    : destination_(std::move(destination)), lease_(lease), clock_(&clock) {
  std::string& target = destination_.url.target;
  while (target.ends_with('/')) target.pop_back();
  target += "/api/v2/alerts";
}

Delivery AlertmanagerChannel::Send(std::span<const std::string> notices) {
  const Result<std::string> alerts = AlertmanagerAlerts(notices.front(), clock_->Now() + lease_);
  if (!alerts.ok()) return Refused(alerts.error().ToString());
  return DeliveryOf(destination_.Post(*alerts), destination_);
}

Result<std::string> AlertmanagerAlerts(std::string_view notice, Time lease_end) {
  HONE_ASSIGN_OR_RETURN(const AlertNotice read, ParseNotice(notice));
  JsonWriter json;
  json.BeginList();
  for (const Alert& alert : read.alerts) {
    json.BeginMap().Key("labels");
    WriteLabels(alert.labels, json);
    json.Key("annotations");
    WriteLabels(alert.annotations, json);
    json.Member("startsAt", FormatTime(alert.starts_at))
        .Member("endsAt", FormatTime(alert.ends_at.value_or(lease_end)))
        .EndMap();
  }
  json.EndList();
  return json.Take();
}

}  // namespace hone
