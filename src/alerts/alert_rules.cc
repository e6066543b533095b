#include "alerts/alert_rules.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "wire/json.h"

namespace hone {
namespace {

constexpr const char *kFrozen = "ModelFrozen", *kBelow = "PerformanceBelowThreshold", *kWaiting = "RolloutWaiting",
                     *kStopped = "RolloutsFrozen";

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

// The evidence says so.
bool Says(const Decision& decision, std::string_view key, std::string_view text) {
  const Result<JsonValue> evidence = ParseJson(decision.evidence);
  const JsonValue* value = evidence.ok() ? evidence->Find(key) : nullptr;
  return value != nullptr && value->text == text;
}

// Another version answers from now on, whatever answered before: a person chose it, or the active one was taken back.
bool ReplacesActive(const Decision& roll_back) {
  return Says(roll_back, "by", "operator") || Says(roll_back, "from", "active");
}

// What is over once another version is active.
std::vector<Labels> OverWithActivation(const std::string& model) {
  return {Named(kFrozen, model), Named(kBelow, model), Named(kWaiting, model)};
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
      change.cleared = ReplacesActive(decision) ? OverWithActivation(decision.model)
                                                : std::vector<Labels>{Named(kWaiting, decision.model)};
      return change;
    }
    case DecisionKind::kFreeze: {
      AlertChange change = event(kFrozen, AlertSeverity::kCritical);
      change.raised[0].lasts.reset();
      return change;
    }
    case DecisionKind::kActivate:
    case DecisionKind::kPromote: return {OverWithActivation(decision.model), {}};
    case DecisionKind::kPause: {
      if (!Says(decision, "by", "policy")) return {};  // who paused it knows
      AlertChange change = event(kWaiting, AlertSeverity::kWarning);
      change.raised[0].lasts.reset();
      return change;
    }
    case DecisionKind::kAdvance:
    case DecisionKind::kResume:
    case DecisionKind::kAbort: return {{Named(kWaiting, decision.model)}, {}};
    case DecisionKind::kFreezeRollouts: {
      AlertChange change = event(kStopped, AlertSeverity::kCritical);
      change.raised[0].lasts.reset();
      return change;
    }
    case DecisionKind::kUnfreezeRollouts: return {{Named(kStopped, decision.model)}, {}};
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
