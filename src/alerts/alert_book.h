// Which alerts fire, and when somebody is to be told: deduplicated, grouped, silenced. Deterministic: every time is
// passed in, and the same calls give the same notices.
//
// The rules are Alertmanager's. Alerts that agree in the labels of `group_by` are told of together. A group is first
// told of `group_wait` after its first alert, so that what breaks together is told together; then it is looked at every
// `group_interval`, and told of again if an alert is new or has ended, or else `repeat_interval` after the last time
// while any fires. Silenced alerts are left out; what was told of and ended while it was silenced is told when the
// silence ends.
//
// An alert whose labels differ from a firing one's in `severity` alone takes its place: the other one is resolved.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "alerts/alert.h"
#include "alerts/silence.h"
#include "base/time.h"

namespace hone {

struct AlertTiming {
  std::vector<std::string> group_by = {"alertname", "model"};  // none: all alerts are one group
  Duration group_wait = 30 * kSecond;
  Duration group_interval = 5 * 60 * kSecond;
  Duration repeat_interval = 4 * 3600 * kSecond;
  Duration resolved_kept = kDay;  // a resolved alert that was told of is forgotten after that
};

// Something is so. `lasts`: of an event, after which the alert resolves by itself; none: until it is cleared.
struct RaisedAlert {
  Labels labels;
  Labels annotations;
  std::optional<Duration> lasts;
};

// Alerts that agree in group_by, and what was told of them.
struct AlertGroup {
  Labels labels;               // of group_by
  Time next_look = 0;          // when it is told of, if there is something to tell
  Time told_at = 0;            // the last time; 0: never
  std::set<std::string> told;  // fingerprints of those told of as firing and not yet as resolved
};

// What is to be told.
struct AlertNotice {
  Labels group;
  std::vector<Alert> alerts;  // by fingerprint; the resolved ones were told of as firing before
  bool firing() const;        // any of them
};

class AlertBook {
 public:
  static constexpr std::size_t kMostAlerts = 10'000;  // firing or kept; what is raised beyond is left out and counted

  explicit AlertBook(AlertTiming timing) : timing_(std::move(timing)) {}

  // As it was; before anything else. Where group_by was another then, what fires is told of again in its new groups.
  void Restore(std::vector<Alert> alerts, std::vector<AlertGroup> groups);
  // Those in force from now on.
  void SetSilences(std::vector<Silence> silences) { silences_ = std::move(silences); }

  void Raise(const RaisedAlert& raised, Time now);
  // Resolves every firing alert that has all of these labels.
  void Clear(const Labels& having, Time now);
  // What has become due since the last call: events expire, groups are told of, old alerts are forgotten.
  std::vector<AlertNotice> Advance(Time now);

  // By fingerprint.
  const std::map<std::string, Alert>& alerts() const { return alerts_; }
  const std::map<std::string, AlertGroup>& groups() const { return groups_; }  // by their labels' JSON
  const std::vector<Silence>& silences() const { return silences_; }
  // The active silences that match it.
  std::vector<Id> SilencedBy(const Alert& alert, Time now) const;
  std::uint64_t left_out() const { return left_out_; }

  // Keys of what was changed, made or forgotten since the last call.
  struct Changes {
    std::set<std::string> alerts, groups;
  };
  Changes TakeChanges();

 private:
  Labels GroupOf(const Alert& alert) const;
  void OpenGroup(const Alert& alert, Time first_look);
  void Start(const std::string& fingerprint, const RaisedAlert& raised, Time now);
  void End(const std::string& fingerprint, Alert& alert, Time now);
  void Expire(Time now);
  void ForgetOld(Time now);
  std::optional<AlertNotice> Look(AlertGroup& group, Time now);
  bool ToldSomewhere(const std::string& fingerprint, const Alert& alert) const;

  AlertTiming timing_;
  std::map<std::string, Alert> alerts_;
  std::map<std::string, AlertGroup> groups_;
  std::vector<Silence> silences_;
  Changes changes_;
  std::uint64_t left_out_ = 0;
};

}  // namespace hone
