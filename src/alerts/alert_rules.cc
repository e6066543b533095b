#include "alerts/alert_rules.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "wire/json.h"

namespace hone {
namespace {

constexpr const char *kFrozen = "ModelFrozen", *kBelow = "PerformanceBelowThreshold";

Labels Named(const char* name, const std::string& model) { return {{"alertname", name}, {"model", model}}; }

RaisedAlert Event(Labels labels, AlertSeverity severity, Labels annotations, const AlertRules& rules) {
  labels["severity"] = AlertSeverityName(severity);
  return {std::move(labels), std::move(annotations), rules.events_last};
}

Labels Annotations(const Decision& decision) {
  Labels annotations = {
      {"summary", decision.reason}, {"decision", decision.id.ToString()}, {"time", FormatTime(decision.time)}};
  if (!decision.version.empty()) annotations["version"] = decision.version;
  return annotations;
}

AlertSeverity SeverityOf(Severity drift) {
  return drift >= Severity::kHigh ? AlertSeverity::kCritical : AlertSeverity::kWarning;
}

// The limit that the metric is past; none where it is past neither.
std::optional<AlertSeverity> PastWhat(const MetricReading& reading, bool sure) {
  const MetricLimits& limits = reading.judged.limits;
  const Interval& interval = reading.metric.interval;
  const double best = limits.lower_is_better() ? interval.low : interval.high;
  const double value = sure ? best : reading.metric.value;
  const auto past = [&](double limit) { return limits.lower_is_better() ? value > limit : value < limit; };
  if (past(limits.critical)) return AlertSeverity::kCritical;
  return past(limits.warning) ? std::optional(AlertSeverity::kWarning) : std::nullopt;
}

// A person chose the version: it answers, whatever answered before.
bool ByOperator(const Decision& decision) {
  const Result<JsonValue> evidence = ParseJson(decision.evidence);
  const JsonValue* by = evidence.ok() ? evidence->Find("by") : nullptr;
  return by != nullptr && by->text == "operator";
}

}  // namespace

AlertChange ChangeOf(const Decision& decision, const AlertRules& rules) {
  const auto event = [&](const char* name, AlertSeverity severity) {
    return AlertChange{{}, {Event(Named(name, decision.model), severity, Annotations(decision), rules)}};
  };
  switch (decision.kind) {
    case DecisionKind::kRollBack: {
      AlertChange change = event("VersionRolledBack", AlertSeverity::kCritical);
      change.raised[0].labels["version"] = decision.version;
      if (ByOperator(decision)) change.cleared.push_back(Named(kFrozen, decision.model));
      return change;
    }
    case DecisionKind::kFreeze: {
      AlertChange change = event(kFrozen, AlertSeverity::kCritical);
      change.raised[0].lasts.reset();
      return change;
    }
    case DecisionKind::kActivate:
    case DecisionKind::kPromote: return {{Named(kFrozen, decision.model)}, {}};
    case DecisionKind::kWithdrawLicence: return event("LicenceWithdrawn", AlertSeverity::kWarning);
    case DecisionKind::kAlert: return event("AttentionNeeded", AlertSeverity::kWarning);
    default: return {};
  }
}

AlertChange ChangeOf(const DriftEvent& event, const AlertRules& rules) {
  if (event.severity < rules.drift_at_least) return {};
  Labels labels = Named("DriftDetected", event.model);
  labels["kind"] = DriftKindName(event.kind);
  if (!event.subject.empty()) labels["subject"] = event.subject;
  const std::string subject = event.subject.empty() ? "" : " of " + event.subject;
  return {
      {},
      {Event(std::move(labels), SeverityOf(event.severity),
             {{"summary", fmt::format("{} drift{} of {}: {} {:.4g}, severity {}", DriftKindName(event.kind), subject,
                                      event.model, event.method, event.effect, SeverityName(event.severity))},
              {"drift", event.id.ToString()},
              {"time", FormatTime(event.time)},
              {"version", event.version}},
             rules)}};
}

AlertChange ChangeOf(const MetricReading& reading, const AlertRules& rules) {
  if (reading.judged.status == MetricStatus::kNoData) return {};
  Labels labels = Named(kBelow, reading.model);
  labels["metric"] = reading.metric.name;
  const std::optional<AlertSeverity> past = PastWhat(reading, rules.performance_sure);
  if (!past) return {{std::move(labels)}, {}};
  labels["severity"] = AlertSeverityName(*past);
  const Metric& metric = reading.metric;
  const MetricLimits& limits = reading.judged.limits;
  const bool critical = *past == AlertSeverity::kCritical;
  return {{},
          {{std::move(labels),
            {{"summary",
              fmt::format("{} of {} {} is {:.4g} [{:.4g}, {:.4g}] over {} rows, past its {} limit {:.4g}", metric.name,
                          reading.model, reading.version, metric.value, metric.interval.low, metric.interval.high,
                          metric.rows, AlertSeverityName(*past), critical ? limits.critical : limits.warning)},
             {"version", reading.version}},
            std::nullopt}}};
}

}  // namespace hone
