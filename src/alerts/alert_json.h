// Alerts as JSON: of hone's API, and of Alertmanager's webhooks.
#pragma once

#include <string>
#include <vector>

#include "alerts/alert_book.h"
#include "alerts/silence.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone {

// {"fingerprint","state":"firing"|"resolved","severity","labels":{},"annotations":{},"starts_at","ends_at":null|time,
//  "silenced_by":[id...]}
void WriteAlert(const Alert& alert, const std::vector<Id>& silenced_by, JsonWriter& json);
// {"id","matchers":["name=value"...],"starts_at","ends_at","created_by","comment","active"}
void WriteSilence(const Silence& silence, Time now, JsonWriter& json);

// What Alertmanager posts to a webhook, version 4
// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). `external_url` may be "".
std::string NoticeJson(const AlertNotice& notice, const std::string& receiver, const std::string& external_url);
// The alerts of such a text. kCorrupt.
Result<AlertNotice> ParseNotice(std::string_view json);

// An alert of a notice by itself, as it stands among the notice's `alerts`.
struct NoticeAlert {
  std::string fingerprint;
  std::string json;  // {"status","labels","annotations","startsAt","endsAt","generatorURL","fingerprint"}
};
// All of such a text, in its order. kCorrupt.
Result<std::vector<NoticeAlert>> SplitNotice(std::string_view json);

}  // namespace hone
