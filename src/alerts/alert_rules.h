// What becomes an alert, and what ends one.
//
//   alertname (labels)                       raised by                                 severity     ends
//   DriftDetected (model, kind, subject)     drift of `drift_at_least` or more         warning (a)  events_last (b)
//   VersionRolledBack (model, version)       a version taken back (roll_back)          critical     events_last
//   ModelFrozen (model)                      persistence beats the champion (freeze)   critical     (c)
//   RolloutsFrozen (model)                   as many roll backs as allowed             critical     unfreeze
//   RolloutWaiting (model)                   a rollout at a gate of the policy         warning      (d)
//   LicenceWithdrawn (model)                 a recipe lost its licence to refresh      warning      events_last
//   AttentionNeeded (model)                  a decision of kind alert                  warning      events_last
//   PerformanceBelowThreshold (model,        a champion's metric past a limit of       the limit's  it is past none
//     metric)                                the policy
//
// (a) critical for high and critical drift; (b) after that time without another; (c) when a version is activated,
// promoted or chosen by hand, or the active one is taken back; (d) when it is advanced, aborted or taken back, or
// another version is active; so is PerformanceBelowThreshold.
#pragma once

#include <string>
#include <vector>

#include "alerts/alert_book.h"
#include "performance/metric_status.h"
#include "records/decision.h"
#include "records/drift_event.h"

namespace hone {

struct AlertRules {
  Severity drift_at_least = Severity::kMedium;
  Duration events_last = 3600 * kSecond;
  // A metric is past a limit only when its whole interval is: what may be chance alarms nobody.
  bool performance_sure = true;
};

// A metric of a model's champion, judged.
struct MetricReading {
  std::string model, version;
  Metric metric;
  JudgedMetric judged;
};

// All `cleared`, then all `raised`.
struct AlertChange {
  std::vector<Labels> cleared;
  std::vector<RaisedAlert> raised;
};

AlertChange ChangeOf(const Decision& decision, const AlertRules& rules);
AlertChange ChangeOf(const DriftEvent& event, const AlertRules& rules);
// No data changes nothing.
AlertChange ChangeOf(const MetricReading& reading, const AlertRules& rules);

}  // namespace hone
