#include "wire/prometheus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

namespace hone {
namespace {

TEST(MetricRegistry, RendersTheTextFormat) {
  MetricRegistry metrics;
  metrics.AddCounter("b_total", "Counts.", {"model"}).With({"v\"o\\l\n"}).Add(3);
  metrics.AddGauge("a_bytes", "Size\nof it.").With().Set(1.5);
  auto& histogram = metrics.AddHistogram("c_seconds", "Time.", {0.1, 1}, {"route"}).With({"/"});
  for (const double value : {0.05, 0.1, 0.5, 2.0, std::nan("")}) histogram.Observe(value);
  metrics.AddGaugeCallback("d", "Asked.", [] { return std::numeric_limits<double>::infinity(); });
  EXPECT_EQ(metrics.Render(),
            "# HELP a_bytes Size\\nof it.\n# TYPE a_bytes gauge\na_bytes 1.5\n"
            "# HELP b_total Counts.\n# TYPE b_total counter\nb_total{model=\"v\\\"o\\\\l\\n\"} 3\n"
            "# HELP c_seconds Time.\n# TYPE c_seconds histogram\n"
            "c_seconds_bucket{route=\"/\",le=\"0.1\"} 2\nc_seconds_bucket{route=\"/\",le=\"1\"} 3\n"
            "c_seconds_bucket{route=\"/\",le=\"+Inf\"} 4\nc_seconds_sum{route=\"/\"} 2.65\n"
            "c_seconds_count{route=\"/\"} 4\n"
            "# HELP d Asked.\n# TYPE d gauge\nd +Inf\n");
}

TEST(MetricRegistry, CallbacksGiveTheSeriesThereAre) {
  MetricRegistry metrics;
  std::vector<MetricRegistry::Series> series = {{"a", 1}, {"b\"", 2.5}};
  metrics.AddCounterCallback("n_total", "N.", "model", [&] { return series; });
  metrics.AddGaugeCallback("o", "O.", "model", [] { return std::vector<MetricRegistry::Series>(); });
  EXPECT_EQ(metrics.Render(),
            "# HELP n_total N.\n# TYPE n_total counter\nn_total{model=\"a\"} 1\nn_total{model=\"b\\\"\"} 2.5\n"
            "# HELP o O.\n# TYPE o gauge\n");
  series.assign(1000, {"c", 3});
  const std::string text = metrics.Render();
  EXPECT_EQ(std::count(text.begin(), text.end(), '{'), 100) << "bounded";
}

TEST(MetricRegistry, BoundsTheSeries) {
  MetricRegistry metrics;
  auto& family = metrics.AddCounter("requests_total", "Requests.", {"path"}, 3);
  for (int i = 0; i < 100; ++i) family.With({std::to_string(i)}).Add();
  int series = 0;
  std::uint64_t other = 0, all = 0;
  family.Visit([&](const std::vector<std::string>& labels, const Counter& counter) {
    ++series;
    all += counter.value();
    if (labels[0] == "other") other = counter.value();
  });
  EXPECT_EQ(series, 4);
  EXPECT_EQ(other, 97U);
  EXPECT_EQ(all, 100U);
}

TEST(MetricRegistry, CountsFromManyThreadsWithoutLoss) {
  MetricRegistry metrics;
  Counter& counter = metrics.AddCounter("n_total", "N.").With();
  Histogram& histogram = metrics.AddHistogram("h", "H.", {0.5}).With();
  std::vector<std::thread> threads;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) {
        counter.Add();
        histogram.Observe(i % 2);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 100'000U);
  EXPECT_EQ(histogram.counts(), (std::vector<std::uint64_t>{50'000, 50'000}));
  EXPECT_EQ(histogram.sum(), 50'000);
}

TEST(MetricRegistryDeathTest, WrongNamesAbort) {
  EXPECT_DEATH(MetricRegistry().AddCounter("n", "N."), "");
  EXPECT_DEATH(MetricRegistry().AddGauge("1n", "N."), "");
  EXPECT_DEATH(MetricRegistry().AddGauge("n", "N.", {"a-b"}), "");
  EXPECT_DEATH(Histogram({1, 1}), "");
}

TEST(LatencyBuckets, IncreaseFromFiftyMicroseconds) {
  const std::vector<double> buckets = LatencyBuckets();
  EXPECT_EQ(buckets.front(), 50e-6);
  for (std::size_t i = 1; i < buckets.size(); ++i) EXPECT_LT(buckets[i - 1], buckets[i]);
}

}  // namespace
}  // namespace hone
