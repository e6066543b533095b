#include "wire/prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "wire/expect.h"

namespace hone {
namespace metric_internal {

std::size_t ShardIndex() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t index = threads.fetch_add(1, std::memory_order_relaxed) % kShards;
  return index;
}

}  // namespace metric_internal

namespace {

using Labels = std::vector<std::string>;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsName(std::string_view name, bool colons) {
  if (name.empty() || IsDigit(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [colons](char c) { return IsLetter(c) || IsDigit(c) || (colons && c == ':'); });
}

std::string Escape(std::string_view text, bool quotes) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\\' || (c == '"' && quotes)) {
      escaped += '\\';
      escaped += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// `{model="a",le="0.1"}`, or nothing without labels.
std::string LabelText(const Labels& names, const Labels& values, std::string_view le = {}) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("{}{}=\"{}\"", i == 0 ? "" : ",", names[i], Escape(values[i], true));
  }
  if (!le.empty()) text += fmt::format("{}le=\"{}\"", text.empty() ? "" : ",", le);
  return text.empty() ? text : "{" + text + "}";
}

void AppendLine(const std::string& name, std::string_view labels, const std::string& value, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, labels, value);
}

void RenderSeries(const std::string& name, const Labels& names, const Labels& values, const Counter& counter,
                  std::string& out) {
  AppendLine(name, LabelText(names, values), std::to_string(counter.value()), out);
}

void RenderSeries(const std::string& name, const Labels& names, const Labels& values, const Gauge& gauge,
                  std::string& out) {
  AppendLine(name, LabelText(names, values), Number(gauge.value()), out);
}

void RenderSeries(const std::string& name, const Labels& names, const Labels& values, const Histogram& histogram,
                  std::string& out) {
  const std::vector<std::uint64_t> counts = histogram.counts();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const bool last = i + 1 == counts.size();
    const std::string bound = last ? "+Inf" : Number(histogram.bounds()[i]);
    AppendLine(name + "_bucket", LabelText(names, values, bound), std::to_string(total), out);
  }
  AppendLine(name + "_sum", LabelText(names, values), Number(histogram.sum()), out);
  AppendLine(name + "_count", LabelText(names, values), std::to_string(total), out);
}

}  // namespace

std::uint64_t Counter::value() const {
  std::uint64_t sum = 0;
  for (const auto& shard : shards_) sum += shard.count.load(std::memory_order_relaxed);
  return sum;
}

Histogram::Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)) {
  Expect(bounds_.size() <= 64);
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    Expect(std::isfinite(bounds_[i]) && (i == 0 || bounds_[i - 1] < bounds_[i]));
  }
  for (Shard& shard : shards_) shard.counts = std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size() + 1);
}

void Histogram::Observe(double value) {
  if (std::isnan(value)) return;
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  Shard& shard = shards_[metric_internal::ShardIndex()];
  shard.counts[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  shard.sum.fetch_add(value, std::memory_order_relaxed);
}

std::vector<std::uint64_t> Histogram::counts() const {
  std::vector<std::uint64_t> counts(bounds_.size() + 1, 0);
  for (const Shard& shard : shards_) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += shard.counts[i].load(std::memory_order_relaxed);
  }
  return counts;
}

double Histogram::sum() const {
  double sum = 0;
  for (const Shard& shard : shards_) sum += shard.sum.load(std::memory_order_relaxed);
  return sum;
}

std::vector<double> LatencyBuckets() {
  return {50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 50e-3, 0.1, 0.2, 0.5, 1, 2, 5, 10};
}

void MetricRegistry::Insert(std::string name, Family family) {
  const std::lock_guard lock(mutex_);
  Expect(IsName(name, true));
  Expect(families_.emplace(std::move(name), std::move(family)).second);
}

template <typename Metric>
MetricFamily<Metric>& MetricRegistry::Add(std::string name, std::string help, const char* type, Labels labels,
                                          std::size_t max_series, typename MetricFamily<Metric>::Make make) {
  for (const std::string& label : labels) Expect(IsName(label, false));
  auto metrics = std::make_shared<MetricFamily<Metric>>(std::move(labels), max_series, std::move(make));
  MetricFamily<Metric>& family = *metrics;
  const auto render = [&family](const std::string& metric_name, std::string& out) {
    family.Visit([&](const Labels& values, const Metric& metric) {
      RenderSeries(metric_name, family.labels(), values, metric, out);
    });
  };
  Family entry{std::move(help), type, render, std::move(metrics)};
  Insert(std::move(name), std::move(entry));
  return family;
}

MetricFamily<Counter>& MetricRegistry::AddCounter(std::string name, std::string help, Labels labels,
                                                  std::size_t max_series) {
  Expect(name.ends_with("_total"));
  return Add<Counter>(std::move(name), std::move(help), "counter", std::move(labels), max_series,
                      [] { return std::make_unique<Counter>(); });
}

MetricFamily<Gauge>& MetricRegistry::AddGauge(std::string name, std::string help, Labels labels,
                                              std::size_t max_series) {
  return Add<Gauge>(std::move(name), std::move(help), "gauge", std::move(labels), max_series,
                    [] { return std::make_unique<Gauge>(); });
}

MetricFamily<Histogram>& MetricRegistry::AddHistogram(std::string name, std::string help, std::vector<double> bounds,
                                                      Labels labels, std::size_t max_series) {
  return Add<Histogram>(std::move(name), std::move(help), "histogram", std::move(labels), max_series,
                        [bounds = std::move(bounds)] { return std::make_unique<Histogram>(bounds); });
}

void MetricRegistry::AddCallback(std::string name, std::string help, const char* type, std::function<double()> value) {
  const auto render = [value = std::move(value)](const std::string& metric_name, std::string& out) {
    AppendLine(metric_name, "", Number(value()), out);
  };
  Insert(std::move(name), {std::move(help), type, render, nullptr});
}

void MetricRegistry::AddCallback(std::string name, std::string help, const char* type, std::string label,
                                 std::function<std::vector<Series>()> series) {
  Expect(IsName(label, false));
  const auto render = [names = Labels{std::move(label)}, series = std::move(series)](const std::string& metric_name,
                                                                                     std::string& out) {
    std::vector<Series> all = series();
    all.resize(std::min(all.size(), kMaxSeries));
    for (const Series& one : all) AppendLine(metric_name, LabelText(names, {one.label}), Number(one.value), out);
  };
  Insert(std::move(name), {std::move(help), type, render, nullptr});
}

void MetricRegistry::AddGaugeCallback(std::string name, std::string help, std::function<double()> value) {
  AddCallback(std::move(name), std::move(help), "gauge", std::move(value));
}

void MetricRegistry::AddCounterCallback(std::string name, std::string help, std::function<double()> value) {
  Expect(name.ends_with("_total"));
  AddCallback(std::move(name), std::move(help), "counter", std::move(value));
}

void MetricRegistry::AddGaugeCallback(std::string name, std::string help, std::string label,
                                      std::function<std::vector<Series>()> series) {
  AddCallback(std::move(name), std::move(help), "gauge", std::move(label), std::move(series));
}

void MetricRegistry::AddCounterCallback(std::string name, std::string help, std::string label,
                                        std::function<std::vector<Series>()> series) {
  Expect(name.ends_with("_total"));
  AddCallback(std::move(name), std::move(help), "counter", std::move(label), std::move(series));
}

std::string MetricRegistry::Render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, Escape(family.help, false), name, family.type);
    family.render(name, out);
  }
  return out;
}

}  // namespace hone
