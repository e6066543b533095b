// Newest values of features shared by Redis: what one server knows, others read.
//
// A hash an instrument, PREFIX:latest:INSTRUMENT, with a field a feature, "trend@1:" and the first 16 digits of its
// definition's hash, so that a value is only read by whom computes the same; the value is FormatLatest
// (features/store/latest_text.h). A script in the server compares before it writes: a later event stays, and of one
// event what was recorded later. The field `written_at` is the stamp of the last writer whose values all stand there,
// else empty.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/yaml.h"
#include "features/store/recent_map.h"
#include "features/store/shared_latest.h"
#include "integrations/redis_connection.h"
#include "wire/prometheus.h"

namespace hone {

struct RedisLatestOptions {
  RedisServer server{.timeout = 50 * kMillisecond};
  std::string prefix = "hone";
  Duration rest = kSecond;  // from a failure to the next attempt to connect
  std::size_t most = 1000;  // instruments kept to be written again to a server that lost them
};

// The keys of RedisServer and of the options but the last; an absent map gives nothing.
std::optional<RedisLatestOptions> ReadRedisLatestOptions(YamlMap map);

// Connects on the thread of Run alone, one connection to read and one to write, so that a Read costs one wait for an
// answer at most, and none where there is no connection. A server that was away gets everything again.
class RedisLatest final : public SharedLatest {
 public:
  // `metrics` must outlive it: feature_shared_writes_total by result, feature_shared_waiting.
  RedisLatest(RedisLatestOptions options, MetricRegistry& metrics);

  void Offer(std::shared_ptr<const EntityLatest> latest) override;
  Result<bool> Read(EntityLatest& asked) override;

  // Connects and writes what waits until Stop; once, on a thread of its own.
  void Run();
  // Any thread.
  void Stop();

 private:
  // kUnavailable, after which Run rests; whether there is more to do.
  Result<bool> Turn();
  Status ConnectReader();
  Status ConnectWriter();
  Result<RedisReply> AskReader(std::span<const std::string_view> words);
  Status Write(const EntityLatest& latest);
  std::shared_ptr<const EntityLatest> TakeWaiting();
  void Wait(const std::string& entity);
  std::string KeyOf(const std::string& entity) const { return options_.prefix + ":latest:" + entity; }

  const RedisLatestOptions options_;
  MetricFamily<Counter>& writes_;
  Gauge& waiting_gauge_;
  std::optional<RedisConnection> writer_;  // the thread of Run alone, as what follows
  bool refused_ = false;                   // the last write

  std::mutex reading_;
  std::optional<RedisConnection> reader_;

  std::mutex mutex_;  // of what follows
  std::condition_variable wake_;
  RecentMap<std::shared_ptr<const EntityLatest>> offered_;
  std::set<std::string> waiting_;  // of them
  bool reader_lost_ = true, stopped_ = false;
};

}  // namespace hone
