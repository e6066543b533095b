#include "integrations/redis_latest.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "features/store/latest_text.h"
#include "integrations/destination_settings.h"

namespace hone {
namespace {

constexpr std::size_t kHashDigits = 16;

// KEYS[1] the hash; ARGV: the stamp, then field and value by turns. 76 and 40: kLatestText, kLatestOrder.
constexpr std::string_view kWriteNewer = R"lua(
local whole = 1
for i = 2, #ARGV, 2 do
  local there = redis.call('HGET', KEYS[1], ARGV[i])
  if not there or #there ~= 76 or string.sub(there, 1, 40) < string.sub(ARGV[i + 1], 1, 40) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  elseif there ~= ARGV[i + 1] then
    whole = 0
  end
end
redis.call('HSET', KEYS[1], 'written_at', whole == 1 and ARGV[1] or '')
return whole
)lua";

std::string FieldOf(const NamedValue& value) {
  return fmt::format("{}@{}:{}", value.name, value.version, std::string_view(value.hash).substr(0, kHashDigits));
}

Error NotOurs(const std::string& key, const std::string& field) {
  return {ErrorCode::kCorrupt, fmt::format("the field {} of {} is no value of a feature", field, key), "redis", 0, ""};
}

}  // namespace

std::optional<RedisLatestOptions> ReadRedisLatestOptions(YamlMap map) {
  if (!map.present()) return std::nullopt;
  RedisLatestOptions options;
  ReadRedisServer(map, ReadAllowed(map), options.server);
  map.Read("prefix", options.prefix);
  ReadDuration(map, "timeout", options.server.timeout, kMillisecond, 10 * kSecond);
  ReadDuration(map, "rest", options.rest, 100 * kMillisecond, 600 * kSecond);
  return options;
}

RedisLatest::RedisLatest(RedisLatestOptions options, MetricRegistry& metrics)
    : options_(std::move(options)),
      writes_(metrics.AddCounter("feature_shared_writes_total",
                                 "Instruments' newest values put into Redis: written; older (newer ones stayed); "
                                 "failed (they go again); refused (by Redis).",
                                 {"result"})),
      waiting_gauge_(
          metrics.AddGauge("feature_shared_waiting", "Instruments whose newest values wait for Redis.").With()),
      offered_(options_.most) {}

void RedisLatest::Offer(std::shared_ptr<const EntityLatest> latest) {
  if (latest->values.empty()) return;
  const std::string entity = latest->entity;
  const std::lock_guard lock(mutex_);
  if (const auto gone = offered_.Put(entity, std::move(latest))) waiting_.erase(*gone);
  Wait(entity);
  wake_.notify_all();
}

// With the mutex.
void RedisLatest::Wait(const std::string& entity) {
  waiting_.insert(entity);
  waiting_gauge_.Set(static_cast<double>(waiting_.size()));
}

Result<RedisReply> RedisLatest::AskReader(std::span<const std::string_view> words) {
  const std::lock_guard lock(reading_);
  if (!reader_) return Error{ErrorCode::kUnavailable, "there is no connection", options_.server.place(), 0, ""};
  Result<RedisReply> reply = reader_->Ask(words);
  if (reply.ok() || reply.error().code != ErrorCode::kUnavailable) return reply;
  reader_.reset();
  const std::lock_guard told(mutex_);
  reader_lost_ = true;
  wake_.notify_all();
  return reply;
}

Result<bool> RedisLatest::Read(EntityLatest& asked) {
  const std::string key = KeyOf(asked.entity);
  std::vector<std::string> words = {"HMGET", key, "written_at"};
  for (const NamedValue& value : asked.values) words.push_back(FieldOf(value));
  HONE_ASSIGN_OR_RETURN(const RedisReply reply, AskReader(std::vector<std::string_view>(words.begin(), words.end())));
  if (reply.items.size() != asked.values.size() + 1) return NotOurs(key, words[2]);
  asked.written_at = ParseOrderedTime(reply.items[0].text).value_or(0);
  std::vector<NamedValue> there;
  for (std::size_t i = 0; i < asked.values.size(); ++i) {
    const RedisReply& item = reply.items[i + 1];
    if (item.nil) continue;
    const std::optional<FeatureValue> value = ParseLatest(item.text);
    if (!value) return NotOurs(key, words[i + 3]);
    there.push_back(std::move(asked.values[i]));
    there.back().value = *value;
  }
  asked.values = std::move(there);
  return !asked.values.empty();
}

Status RedisLatest::Write(const EntityLatest& latest) {
  const std::string key = KeyOf(latest.entity);
  std::vector<std::string> words = {"EVAL", std::string(kWriteNewer), "1", key, FormatOrderedTime(latest.written_at)};
  for (const NamedValue& value : latest.values) {
    words.push_back(FieldOf(value));
    words.push_back(FormatLatest(value.value));
  }
  const std::vector<std::string_view> views(words.begin(), words.end());
  HONE_ASSIGN_OR_RETURN(const RedisReply whole, writer_->Ask(views));
  writes_.With({whole.integer == 1 ? "written" : "older"}).Add();
  return OkStatus();
}

// Null where nothing waits.
std::shared_ptr<const EntityLatest> RedisLatest::TakeWaiting() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return nullptr;
  auto taken = *offered_.Find(waiting_.extract(waiting_.begin()).value());
  waiting_gauge_.Set(static_cast<double>(waiting_.size()));
  return taken;
}

Status RedisLatest::ConnectReader() {
  {
    const std::lock_guard lock(mutex_);
    if (!reader_lost_) return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(RedisConnection opened, RedisConnection::Open(options_.server));
  writer_.reset();  // it was lost too, or will be
  const std::lock_guard lock(reading_);
  reader_.emplace(std::move(opened));
  const std::lock_guard told(mutex_);
  reader_lost_ = false;
  return OkStatus();
}

Status RedisLatest::ConnectWriter() {
  if (writer_) return OkStatus();
  RedisServer patient = options_.server;  // nobody waits for what is written
  patient.timeout = std::max(patient.timeout, kSecond);
  HONE_ASSIGN_OR_RETURN(writer_, RedisConnection::Open(patient));
  const std::lock_guard lock(mutex_);
  offered_.Visit([this](const std::string& entity, const auto&) { Wait(entity); });
  return OkStatus();
}

Result<bool> RedisLatest::Turn() {
  HONE_RETURN_IF_ERROR(ConnectReader());
  HONE_RETURN_IF_ERROR(ConnectWriter());
  const std::shared_ptr<const EntityLatest> latest = TakeWaiting();
  if (!latest) return false;
  const Status written = Write(*latest);
  const bool refused = !written.ok() && written.error().code == ErrorCode::kInvalidArgument;
  if (refused && !refused_) LogWarning("Redis refuses newest values", {{"error", written.error().message}});
  refused_ = refused;
  if (refused) writes_.With({"refused"}).Add();
  if (written.ok() || refused) return true;
  writes_.With({"failed"}).Add();
  writer_.reset();  // another connection writes everything again
  return written.error();
}

void RedisLatest::Run() {
  bool failing = false;
  for (std::unique_lock lock(mutex_); !stopped_;) {
    lock.unlock();
    const Result<bool> more = Turn();
    if (!more.ok() && !failing) {
      LogWarning("newest values of features are not shared",
                 {{"redis", options_.server.place()}, {"error", more.error().message}});
    }
    if (more.ok() && failing) LogInfo("newest values of features are shared again");
    failing = !more.ok();
    lock.lock();
    if (failing) {
      wake_.wait_for(lock, std::chrono::nanoseconds(options_.rest), [this] { return stopped_; });
    } else if (!*more) {
      wake_.wait(lock, [this] { return stopped_ || reader_lost_ || !waiting_.empty(); });
    }
  }
}

void RedisLatest::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_.notify_all();
}

}  // namespace hone
