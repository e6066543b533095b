// Posts alerts to an Alertmanager (POST /api/v2/alerts), which groups, silences and routes them as its own.
//
// Alertmanager resolves what it does not hear of again: an alert that fires is told to end `lease` after it was sent,
// which must be longer than the time to the next notice.
#pragma once

#include <string>
#include <string_view>

#include "integrations/channel.h"
#include "integrations/http_destination.h"

namespace hone {

class AlertmanagerChannel final : public Channel {
 public:
  // The destination's path is Alertmanager's prefix, to which /api/v2/alerts is appended. `clock` must outlive it.
  AlertmanagerChannel(HttpDestination destination, Duration lease, const Clock& clock);
  Delivery Send(std::span<const std::string> notices) override;

 private:
  HttpDestination destination_;
  Duration lease_;
  const Clock* clock_;
};

// [{"labels","annotations","startsAt","endsAt","generatorURL"}...] of a notice's text. kCorrupt.
Result<std::string> AlertmanagerAlerts(std::string_view notice, Time lease_end);

}  // namespace hone
