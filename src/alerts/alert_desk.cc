#include "alerts/alert_desk.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "alerts/alert_json.h"
#include "base/log.h"
#include "storage/checkpoint_store.h"
#include "storage/outbox.h"

namespace hone {
namespace {

constexpr std::int64_t kMostRows = 1'000;  // of the feed, in one turn
constexpr std::string_view kRead = "alert_feed";

std::int64_t NumberOf(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// What a channel is told of the notice; no alerts: nothing.
AlertNotice For(const AlertRoute& route, const AlertNotice& notice) {
  AlertNotice told{notice.group, {}};
  for (const Alert& alert : notice.alerts) {
    if (alert.severity() >= route.at_least && (route.resolved || alert.firing())) told.alerts.push_back(alert);
  }
  return told;
}

}  // namespace

Result<std::unique_ptr<AlertDesk>> AlertDesk::Open(const std::filesystem::path& folder, AlertOptions options,
                                                   const Clock& clock) {
  HONE_ASSIGN_OR_RETURN(auto events, Database::Open(folder / "hone.db", {.read_only = true}));
  HONE_ASSIGN_OR_RETURN(auto alerts, OpenAlertDatabase(folder));
  std::unique_ptr<AlertDesk> desk(new AlertDesk(std::move(options), clock, std::move(events), std::move(alerts)));
  CheckpointStore checkpoints(*desk->alerts_);
  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> read, checkpoints.Load(kRead));
  HONE_ASSIGN_OR_RETURN(const std::int64_t last, desk->feed_.Last());
  if (!read || NumberOf(*read) > last) {  // later than the newest: hone.db is another, or an older copy of itself
    HONE_RETURN_IF_ERROR(checkpoints.Save(kRead, std::to_string(last)));
  }
  HONE_RETURN_IF_ERROR(desk->Reload());
  return desk;
}

AlertDesk::AlertDesk(AlertOptions options, const Clock& clock, std::unique_ptr<Database> events,
                     std::unique_ptr<Database> alerts)
    : options_(std::move(options)),
      clock_(&clock),
      events_(std::move(events)),
      alerts_(std::move(alerts)),
      feed_(*events_),
      store_(*alerts_),
      book_(options_.timing),
      ids_(options_.seed) {}

Status AlertDesk::Reload() {
  HONE_ASSIGN_OR_RETURN(std::vector<Alert> alerts, store_.Alerts());
  HONE_ASSIGN_OR_RETURN(std::vector<AlertGroup> groups, store_.Groups());
  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> read, CheckpointStore(*alerts_).Load(kRead));
  book_.Restore(std::move(alerts), std::move(groups));
  read_ = NumberOf(read.value_or("0"));
  return OkStatus();
}

Status AlertDesk::Turn() {
  const Time now = clock_->Now();
  HONE_ASSIGN_OR_RETURN(const std::vector<MetricReading> readings, MeasureIfDue(now));
  const std::lock_guard lock(mutex_);
  if (stale_) HONE_RETURN_IF_ERROR(Reload());
  stale_ = true;
  HONE_RETURN_IF_ERROR(TakeTurn(readings, now));
  stale_ = false;
  return OkStatus();
}

Result<std::vector<MetricReading>> AlertDesk::MeasureIfDue(Time now) {
  if (!measure_ || (measured_ != 0 && now - measured_ < options_.measure_every)) return std::vector<MetricReading>();
  measured_ = now;
  return measure_(now);
}

Status AlertDesk::TakeTurn(const std::vector<MetricReading>& readings, Time now) {
  HONE_ASSIGN_OR_RETURN(const std::vector<FeedRow> rows, feed_.After(read_, kMostRows));
  HONE_ASSIGN_OR_RETURN(std::vector<Silence> silences, store_.Silences(now));
  book_.SetSilences(std::move(silences));
  for (const FeedRow& row : rows) {
    std::visit([&](const auto& event) { Apply(ChangeOf(event, options_.rules), now); }, row.event);
    read_ = row.sequence;
  }
  for (const MetricReading& reading : readings) Apply(ChangeOf(reading, options_.rules), now);
  const std::vector<AlertNotice> notices = book_.Advance(now);
  const AlertBook::Changes changes = book_.TakeChanges();
  if (rows.empty() && changes.alerts.empty() && changes.groups.empty()) return OkStatus();
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*alerts_));
  HONE_RETURN_IF_ERROR(store_.Save(book_, changes));
  for (const AlertNotice& notice : notices) HONE_RETURN_IF_ERROR(Put(notice, now));
  HONE_RETURN_IF_ERROR(store_.ForgetSilences(now - options_.timing.resolved_kept));
  HONE_RETURN_IF_ERROR(CheckpointStore(*alerts_).Save(kRead, std::to_string(read_)));
  return transaction.Commit();
}

void AlertDesk::Apply(const AlertChange& change, Time now) {
  for (const Labels& cleared : change.cleared) book_.Clear(cleared, now);
  const std::uint64_t left_out = book_.left_out();
  for (const RaisedAlert& raised : change.raised) book_.Raise(raised, now);
  if (book_.left_out() > left_out) LogError("too many alerts: one is left out", {{"most", AlertBook::kMostAlerts}});
}

Status AlertDesk::Put(const AlertNotice& notice, Time now) {
  Outbox outbox(*alerts_);
  for (const AlertRoute& route : options_.routes) {
    const AlertNotice told = For(route, notice);
    if (told.alerts.empty()) continue;
    HONE_RETURN_IF_ERROR(outbox.Put(route.channel, NoticeJson(told, route.channel, options_.external_url), now));
  }
  return OkStatus();
}

Result<std::vector<ListedAlert>> AlertDesk::List() {
  const std::lock_guard lock(mutex_);
  const Time now = clock_->Now();
  HONE_ASSIGN_OR_RETURN(std::vector<Silence> silences, store_.Silences(now));
  book_.SetSilences(std::move(silences));
  std::vector<ListedAlert> listed;
  for (const auto& [fingerprint, alert] : book_.alerts()) listed.push_back({alert, book_.SilencedBy(alert, now)});
  return listed;
}

Result<std::vector<Silence>> AlertDesk::Silences() {
  const std::lock_guard lock(mutex_);
  return store_.Silences(clock_->Now());
}

Result<Silence> AlertDesk::Add(Silence silence) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_->Now();
  if (silence.starts_at == 0) silence.starts_at = now;
  HONE_RETURN_IF_ERROR(CheckSilence(silence, now));
  silence.id = ids_.Next(now);
  HONE_RETURN_IF_ERROR(store_.Add(silence));
  return silence;
}

Status AlertDesk::End(const Id& silence) {
  const std::lock_guard lock(mutex_);
  return store_.End(silence, clock_->Now());
}

}  // namespace hone
