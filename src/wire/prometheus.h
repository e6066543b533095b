// Metrics in the Prometheus text format 0.0.4, in base units (seconds, bytes), series bounded.
//
//   MetricRegistry metrics;
//   Counter& served = metrics.AddCounter("model_predictions_total", "Predictions served.",
//   {"model"}).With({"volatility"}); served.Add(); metrics.Render();
//
// Adding and With take a lock: keep the reference. Counting (Add, Set, Observe) takes none and is thread-safe: counters
// and histograms are split into shards of a cache line each, a thread writes mostly one of its own, Render adds them
// up. Series live as long as the registry. A family has at most `max_series` label combinations; further ones are all
// counted in one series whose labels read "other".
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

namespace metric_internal {
inline constexpr std::size_t kShards = 8;
// This thread's shard.
std::size_t ShardIndex();
struct alignas(64) CountShard {
  std::atomic<std::uint64_t> count{0};
};
}  // namespace metric_internal

// Only goes up.
class Counter {
 public:
  void Add(std::uint64_t count = 1) {
    shards_[metric_internal::ShardIndex()].count.fetch_add(count, std::memory_order_relaxed);
  }
  std::uint64_t value() const;

 private:
  std::array<metric_internal::CountShard, metric_internal::kShards> shards_;
};

// Goes up and down.
class Gauge {
 public:
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }
  void Add(double change) { value_.fetch_add(change, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

// Counts observations in buckets (-inf, bound]; the last bucket has no bound. NaN is not counted.
class Histogram {
 public:
  // `bounds` strictly increase, at most 64, all finite.
  explicit Histogram(std::vector<double> bounds);
  void Observe(double value);

  const std::vector<double>& bounds() const { return bounds_; }
  // By bucket, not cumulated; bounds().size() + 1 of them.
  std::vector<std::uint64_t> counts() const;
  double sum() const;

 private:
  struct alignas(64) Shard {
    std::unique_ptr<std::atomic<std::uint64_t>[]> counts;
    std::atomic<double> sum{0};
  };
  std::vector<double> bounds_;
  std::array<Shard, metric_internal::kShards> shards_;
};

// 50 us to 10 s, three a decade: for latencies in seconds.
std::vector<double> LatencyBuckets();

// The series of one metric, by label values.
template <typename Metric>
class MetricFamily {
 public:
  using Make = std::function<std::unique_ptr<Metric>()>;
  MetricFamily(std::vector<std::string> labels, std::size_t max_series, Make make)
      : labels_(std::move(labels)), max_series_(max_series), make_(std::move(make)) {}

  // One value per label, in the order of the labels; a missing one is "", a surplus one ignored.
  Metric& With(std::vector<std::string> values = {}) {
    values.resize(labels_.size());
    const std::lock_guard lock(mutex_);
    if (!series_.contains(values) && series_.size() >= max_series_) values.assign(labels_.size(), "other");
    auto& slot = series_[std::move(values)];
    if (!slot) slot = make_();
    return *slot;
  }

  // Visits the series in the order of their label values.
  template <typename Visitor>
  void Visit(const Visitor& visitor) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [values, metric] : series_) visitor(values, *metric);
  }
  const std::vector<std::string>& labels() const { return labels_; }

 private:
  std::vector<std::string> labels_;
  std::size_t max_series_;
  Make make_;
  mutable std::mutex mutex_;
  std::map<std::vector<std::string>, std::unique_ptr<Metric>> series_;
};

class MetricRegistry {
 public:
  static constexpr std::size_t kMaxSeries = 100;

  // Names are [a-zA-Z_:][a-zA-Z0-9_:]*, labels [a-zA-Z_][a-zA-Z0-9_]*; a name is added once, as one type. Anything else
  // is a programming mistake and aborts. Counters end in _total.
  MetricFamily<Counter>& AddCounter(std::string name, std::string help, std::vector<std::string> labels = {},
                                    std::size_t max_series = kMaxSeries);
  MetricFamily<Gauge>& AddGauge(std::string name, std::string help, std::vector<std::string> labels = {},
                                std::size_t max_series = kMaxSeries);
  MetricFamily<Histogram>& AddHistogram(std::string name, std::string help, std::vector<double> bounds,
                                        std::vector<std::string> labels = {}, std::size_t max_series = kMaxSeries);
  // A gauge without labels whose value is asked for at each Render, on the rendering thread.
  void AddGaugeCallback(std::string name, std::string help, std::function<double()> value);
  // The same for a number that only goes up and is counted elsewhere.
  void AddCounterCallback(std::string name, std::string help, std::function<double()> value);
  // The same with one label: the series there are at each Render, of which the first kMaxSeries are shown.
  struct Series {
    std::string label;
    double value = 0;
  };
  void AddGaugeCallback(std::string name, std::string help, std::string label,
                        std::function<std::vector<Series>()> series);
  void AddCounterCallback(std::string name, std::string help, std::string label,
                          std::function<std::vector<Series>()> series);

  // The whole exposition, families by name, series by label values. Thread-safe.
  std::string Render() const;
  // Its Content-Type.
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Family {
    std::string help;
    const char* type = "";
    std::function<void(const std::string& name, std::string& out)> render;
    std::shared_ptr<void> owner;
  };
  template <typename Metric>
  MetricFamily<Metric>& Add(std::string name, std::string help, const char* type, std::vector<std::string> labels,
                            std::size_t max_series, typename MetricFamily<Metric>::Make make);
  void AddCallback(std::string name, std::string help, const char* type, std::function<double()> value);
  void AddCallback(std::string name, std::string help, const char* type, std::string label,
                   std::function<std::vector<Series>()> series);
  void Insert(std::string name, Family family);

  mutable std::mutex mutex_;
  std::map<std::string, Family> families_;
};

}  // namespace hone
