#include "integrations/courier.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "base/log.h"

namespace hone {
namespace {

constexpr std::size_t kMostOffered = 50;

}  // namespace

CourierMetrics::CourierMetrics(MetricRegistry& metrics)
    : sent(metrics.AddCounter("alert_messages_sent_total", "Messages that the channel took.", {"channel"})),
      failed(metrics.AddCounter("alert_messages_failed_total", "Attempts to send that failed; they are repeated.",
                                {"channel"})),
      expired(metrics.AddCounter("alert_messages_expired_total", "Messages given up: too old.", {"channel"})),
      queued(metrics.AddGauge("alert_messages_queued", "Messages on the disk that the channel has not taken yet.",
                              {"channel"})) {}

Courier::Courier(std::string name, std::unique_ptr<Channel> channel, std::unique_ptr<Database> database,
                 const RetryPolicy& policy, const Clock& clock, CourierMetrics& metrics)
    : name_(std::move(name)),
      channel_(std::move(channel)),
      database_(std::move(database)),
      outbox_(*database_),
      policy_(policy),
      clock_(&clock),
      sent_(&metrics.sent.With({name_})),
      failed_(&metrics.failed.With({name_})),
      expired_(&metrics.expired.With({name_})),
      queued_(&metrics.queued.With({name_})) {}

Result<bool> Courier::Turn() {
  const Time now = clock_->Now();
  HONE_ASSIGN_OR_RETURN(const std::int64_t queued, outbox_.Count(name_));
  queued_->Set(static_cast<double>(queued));
  if (queued == 0 || now < resumes_) return false;
  HONE_RETURN_IF_ERROR(GiveUpOld(now));
  HONE_ASSIGN_OR_RETURN(const std::vector<OutboxMessage> offered, outbox_.Due(name_, now, kMostOffered));
  if (offered.empty()) return false;
  std::vector<std::string> bodies;
  for (const OutboxMessage& message : offered) bodies.push_back(message.body);
  const Delivery delivery = channel_->Send(bodies);
  if (const Status settled = Settle(offered, delivery, clock_->Now()); !settled.ok()) {
    resumes_ = clock_->Now() + Backoff(failures_++);  // it will be sent again: not five times a second
    return settled.error();
  }
  HONE_ASSIGN_OR_RETURN(const std::int64_t left, outbox_.Count(name_));
  queued_->Set(static_cast<double>(left));
  return left > 0;
}

Status Courier::Settle(const std::vector<OutboxMessage>& offered, const Delivery& delivery, Time now) {
  if (delivery.result != Delivery::Result::kDelivered) return Fail(offered, delivery, now);
  resumes_ = now + delivery.wait;
  HONE_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*database_));
  for (std::size_t i = 0; i < delivery.messages; ++i) HONE_RETURN_IF_ERROR(outbox_.Remove(offered[i].number));
  HONE_RETURN_IF_ERROR(transaction.Commit());
  if (failures_ > 0) LogInfo("alerts can be sent again", {{"channel", name_}});
  failures_ = 0;
  sent_->Add(delivery.messages);
  return OkStatus();
}

Status Courier::Fail(const std::vector<OutboxMessage>& offered, const Delivery& delivery, Time now) {
  failed_->Add();
  const bool refused = delivery.result == Delivery::Result::kRefused;
  const Duration rest = Backoff(refused ? offered.front().attempts : failures_);
  if (refused || failures_ == 0) {
    LogWarning(refused ? "an alert was refused" : "alerts cannot be sent",
               {{"channel", name_}, {"error", delivery.error}, {"again_in_seconds", rest / kSecond}});
  }
  resumes_ = now + (refused ? delivery.wait : std::max(rest, delivery.wait));
  if (!refused) {
    ++failures_;
    return OkStatus();
  }
  for (std::size_t i = 0; i < delivery.messages; ++i)
    HONE_RETURN_IF_ERROR(outbox_.Defer(offered[i].number, now + rest));
  return OkStatus();
}

// Doubles from `first` to `longest`.
Duration Courier::Backoff(int failures) const {
  Duration rest = policy_.first;
  for (int i = 0; i < failures && rest < policy_.longest; ++i) rest *= 2;
  return std::min(rest, policy_.longest);
}

Status Courier::GiveUpOld(Time now) {
  HONE_ASSIGN_OR_RETURN(const std::int64_t removed, outbox_.RemoveBefore(name_, now - policy_.keep));
  if (removed == 0) return OkStatus();
  expired_->Add(static_cast<std::uint64_t>(removed));
  LogError("alerts are given up: the channel has not taken them in time", {{"channel", name_}, {"messages", removed}});
  return OkStatus();
}

void Courier::Run(Duration pause) {
  bool failing = false;
  for (std::unique_lock lock(mutex_); !stopped_;) {
    lock.unlock();
    const Result<bool> more = Turn();
    if (!more.ok() && !failing) {
      LogError("the outbox of alerts fails", {{"channel", name_}, {"error", more.error().ToString()}});
    }
    failing = !more.ok();
    lock.lock();
    const bool at_once = more.ok() && *more && clock_->Now() >= resumes_;
    if (!at_once) wake_.wait_for(lock, std::chrono::nanoseconds(pause), [this] { return stopped_; });
  }
}

void Courier::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
}

}  // namespace hone
