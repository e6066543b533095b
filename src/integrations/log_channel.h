// Writes each alert of a notice into the program's log: a warning while it fires (an error where it is critical), else
// info.
#pragma once

#include "alerts/alert_json.h"
#include "base/log.h"
#include "integrations/channel.h"

namespace hone {

class LogChannel final : public Channel {
 public:
  Delivery Send(std::span<const std::string> notices) override {
    const Result<AlertNotice> notice = ParseNotice(notices.front());
    if (!notice.ok()) return Refused(notice.error().ToString());
    for (const Alert& alert : notice->alerts) {
      const LogLevel firing = alert.severity() == AlertSeverity::kCritical ? LogLevel::kError : LogLevel::kWarning;
      Log(alert.firing() ? firing : LogLevel::kInfo, alert.firing() ? "alert" : "alert resolved",
          {{"labels", LabelsJson(alert.labels)}, {"annotations", LabelsJson(alert.annotations)}});
    }
    return Delivered();
  }
};

}  // namespace hone
