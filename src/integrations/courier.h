// Brings one channel's messages out of the outbox to the channel, in their order, and tries until they are there.
//
// Where nobody takes anything (no connection, 5xx, a rate limit), the channel rests for `first`, twice as long after
// each further failure, at most `longest`, and at least as long as it was told to. A message that is refused while
// others are taken rests by itself, and those behind it go on. What has not been taken within `keep` is given up,
// counted and logged.
//
// Counted, by channel: alert_messages_sent_total, alert_messages_failed_total (attempts), alert_messages_expired_total
// (given up), alert_messages_queued (now on the disk).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "base/time.h"
#include "integrations/channel.h"
#include "storage/database.h"
#include "storage/outbox.h"
#include "wire/prometheus.h"

namespace hone {

struct RetryPolicy {
  Duration first = kSecond;
  Duration longest = 5 * 60 * kSecond;
  Duration keep = 7 * kDay;
};

// Of all channels.
struct CourierMetrics {
  explicit CourierMetrics(MetricRegistry& metrics);
  MetricFamily<Counter>&sent, &failed, &expired;
  MetricFamily<Gauge>& queued;
};

class Courier {
 public:
  // `database` holds the outbox, and is the courier's alone. `clock` and what `metrics` names must outlive it.
  Courier(std::string name, std::unique_ptr<Channel> channel, std::unique_ptr<Database> database,
          const RetryPolicy& policy, const Clock& clock, CourierMetrics& metrics);

  // One attempt, if there is something due; whether there may be more at once. An error is the outbox's own.
  Result<bool> Turn();
  // Takes turns until Stop, looking into the outbox every `pause`; once, on a thread of its own.
  void Run(Duration pause);
  // Any thread. A turn in progress ends first.
  void Stop();

 private:
  Status Settle(const std::vector<OutboxMessage>& offered, const Delivery& delivery, Time now);
  Status Fail(const std::vector<OutboxMessage>& offered, const Delivery& delivery, Time now);
  Status GiveUpOld(Time now);
  Duration Backoff(int failures) const;

  const std::string name_;
  const std::unique_ptr<Channel> channel_;
  const std::unique_ptr<Database> database_;
  Outbox outbox_;
  const RetryPolicy policy_;
  const Clock* clock_;
  Counter *sent_, *failed_, *expired_;
  Gauge* queued_;
  Time resumes_ = 0;  // the channel rests until then
  int failures_ = 0;  // in succession, of the channel

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
};

}  // namespace hone
