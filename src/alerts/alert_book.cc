#include "alerts/alert_book.h"

#include <algorithm>
#include <utility>

namespace hone {
namespace {

Labels Without(Labels labels, const std::string& name) {
  labels.erase(name);
  return labels;
}

}  // namespace

bool AlertNotice::firing() const {
  return std::ranges::any_of(alerts, [](const Alert& alert) { return alert.firing(); });
}

void AlertBook::Restore(std::vector<Alert> alerts, std::vector<AlertGroup> groups) {
  alerts_.clear();
  groups_.clear();
  for (Alert& alert : alerts) {
    std::string fingerprint = Fingerprint(alert.labels);
    alerts_.emplace(std::move(fingerprint), std::move(alert));
  }
  for (AlertGroup& group : groups) {
    std::string key = LabelsJson(group.labels);
    groups_.emplace(std::move(key), std::move(group));
  }
  changes_ = {};
  for (const auto& [fingerprint, alert] : alerts_) {
    if (alert.firing()) OpenGroup(alert, 0);
  }
}

Labels AlertBook::GroupOf(const Alert& alert) const {
  Labels group;
  for (const std::string& name : timing_.group_by) {
    if (const auto label = alert.labels.find(name); label != alert.labels.end()) group.insert(*label);
  }
  return group;
}

void AlertBook::Raise(const RaisedAlert& raised, Time now) {
  const std::string fingerprint = Fingerprint(raised.labels);
  const Labels same = Without(raised.labels, "severity");
  for (auto& [other, alert] : alerts_) {
    if (other != fingerprint && alert.firing() && Without(alert.labels, "severity") == same) End(other, alert, now);
  }
  if (!alerts_.contains(fingerprint) && alerts_.size() >= kMostAlerts) {
    ++left_out_;
    return;
  }
  Start(fingerprint, raised, now);
}

void AlertBook::Start(const std::string& fingerprint, const RaisedAlert& raised, Time now) {
  const auto [place, made] = alerts_.try_emplace(fingerprint);
  Alert& alert = place->second;
  if (made || !alert.firing()) alert.starts_at = now;
  alert.labels = raised.labels;
  alert.annotations = raised.annotations;
  alert.ends_at.reset();
  alert.expires_at = raised.lasts ? std::optional(now + *raised.lasts) : std::nullopt;
  changes_.alerts.insert(fingerprint);
  OpenGroup(alert, now + timing_.group_wait);
}

void AlertBook::OpenGroup(const Alert& alert, Time first_look) {
  Labels labels = GroupOf(alert);
  const std::string key = LabelsJson(labels);
  if (groups_.contains(key)) return;
  groups_[key] = {std::move(labels), first_look, 0, {}};
  changes_.groups.insert(key);
}

void AlertBook::End(const std::string& fingerprint, Alert& alert, Time now) {
  alert.ends_at = now;
  changes_.alerts.insert(fingerprint);
}

void AlertBook::Clear(const Labels& having, Time now) {
  for (auto& [fingerprint, alert] : alerts_) {
    if (alert.firing() && Includes(alert.labels, having)) End(fingerprint, alert, now);
  }
}

void AlertBook::Expire(Time now) {
  for (auto& [fingerprint, alert] : alerts_) {
    if (alert.firing() && alert.expires_at && *alert.expires_at <= now) End(fingerprint, alert, *alert.expires_at);
  }
}

std::vector<AlertNotice> AlertBook::Advance(Time now) {
  Expire(now);
  std::vector<AlertNotice> notices;
  for (auto group = groups_.begin(); group != groups_.end();) {
    if (group->second.next_look > now) {
      ++group;
      continue;
    }
    changes_.groups.insert(group->first);
    if (auto notice = Look(group->second, now)) notices.push_back(std::move(*notice));
    const bool firing = std::ranges::any_of(alerts_, [&](const auto& entry) {
      return entry.second.firing() && GroupOf(entry.second) == group->second.labels;
    });
    group = firing || !group->second.told.empty() ? std::next(group) : groups_.erase(group);
  }
  ForgetOld(now);
  return notices;
}

std::optional<AlertNotice> AlertBook::Look(AlertGroup& group, Time now) {
  group.next_look = now + timing_.group_interval;
  std::erase_if(group.told, [&](const std::string& fingerprint) {
    const auto alert = alerts_.find(fingerprint);
    return alert == alerts_.end() || GroupOf(alert->second) != group.labels;  // it is told of in another group now
  });
  AlertNotice notice{group.labels, {}};
  std::set<std::string> firing, ended;
  bool fresh = false;
  for (const auto& [fingerprint, alert] : alerts_) {
    if (GroupOf(alert) != group.labels || !SilencedBy(alert, now).empty()) continue;
    const bool told = group.told.contains(fingerprint);
    if (!alert.firing() && !told) continue;
    (alert.firing() ? firing : ended).insert(fingerprint);
    fresh |= alert.firing() && !told;
    notice.alerts.push_back(alert);
  }
  const bool again = !firing.empty() && now - group.told_at >= timing_.repeat_interval;
  if (!fresh && ended.empty() && !again) return std::nullopt;
  for (const std::string& fingerprint : ended) group.told.erase(fingerprint);
  group.told.merge(firing);
  group.told_at = now;
  return notice;
}

bool AlertBook::ToldSomewhere(const std::string& fingerprint, const Alert& alert) const {
  const auto group = groups_.find(LabelsJson(GroupOf(alert)));
  return group != groups_.end() && group->second.told.contains(fingerprint);
}

// What somebody was told of as firing is kept until he was told that it ended.
void AlertBook::ForgetOld(Time now) {
  for (auto entry = alerts_.begin(); entry != alerts_.end();) {
    const Alert& alert = entry->second;
    if (alert.firing() || *alert.ends_at + timing_.resolved_kept > now || ToldSomewhere(entry->first, alert)) {
      ++entry;
      continue;
    }
    changes_.alerts.insert(entry->first);
    entry = alerts_.erase(entry);
  }
}

std::vector<Id> AlertBook::SilencedBy(const Alert& alert, Time now) const {
  std::vector<Id> ids;
  for (const Silence& silence : silences_) {
    if (silence.active(now) && silence.Matches(alert.labels)) ids.push_back(silence.id);
  }
  return ids;
}

AlertBook::Changes AlertBook::TakeChanges() { return std::exchange(changes_, {}); }

}  // namespace hone
