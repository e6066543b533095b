// Metrics of whole logs: which there are, what they are, and that their intervals allow for dependence.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"
#include "performance/binary_metrics.h"
#include "performance/market_regime.h"
#include "performance/metric_status.h"
#include "performance/regression_metrics.h"
#include "performance/return_metrics.h"

namespace hone {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using Rows = std::vector<ScoredRow>;

const Metric* Find(const std::vector<Metric>& metrics, const std::string& name) {
  for (const Metric& metric : metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

double ValueOf(const std::vector<Metric>& metrics, const std::string& name) {
  const Metric* metric = Find(metrics, name);
  return metric == nullptr ? kNone : metric->value;
}

TEST(RegressionMetrics, AreTheirFormulas) {
  const Rows rows = {{0, 1, 2, 5}, {1, 3, 3, kNone}, {2, 1, 2, 2}, {3, 4, 2, 0}};
  const auto metrics = RegressionMetrics(rows, {});
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "mae"), 1);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "rmse"), std::sqrt(1.5));
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "bias"), 0);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "above"), 1.5 / 4);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "win_rate"), 1.5 / 3);
  EXPECT_EQ(Find(metrics, "win_rate")->rows, 3);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "rmse_gain"), std::sqrt(13.0 / 3) - std::sqrt(2.0));
  EXPECT_GT(ValueOf(metrics, "qlike"), 0);
  EXPECT_EQ(Find(metrics, "accuracy"), nullptr) << "outcomes of one sign have no direction";
}

TEST(RegressionMetrics, OnlyThoseTheRowsAllow) {
  const auto metrics = RegressionMetrics(Rows{{0, 1, -2, kNone}, {1, -1, 2, kNone}, {2, 1, 2, kNone}}, {});
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "accuracy"), 1.0 / 3);
  EXPECT_EQ(Find(metrics, "qlike"), nullptr);
  EXPECT_EQ(Find(metrics, "win_rate"), nullptr);
  EXPECT_TRUE(RegressionMetrics({}, {}).empty());
}

Rows Probabilities(std::size_t count, double slope) {
  Random random(9);
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    const double p = random.Uniform();
    rows.push_back({static_cast<Time>(i), p, random.Uniform() < 0.5 + slope * (p - 0.5) ? 1.0 : 0.0, 0.5});
  }
  return rows;
}

TEST(BinaryMetrics, ACalibratedModelIsToldFromAnOverconfidentOne) {
  const auto good = BinaryMetrics(Probabilities(2000, 1), {}), bad = BinaryMetrics(Probabilities(2000, 0.3), {});
  EXPECT_LT(Find(good, "calibration_error")->interval.low, 0.02);
  EXPECT_LT(ValueOf(good, "calibration_error"), 0.05);
  EXPECT_GT(Find(bad, "calibration_error")->interval.low, 0.1);
  EXPECT_GT(ValueOf(good, "auc"), ValueOf(bad, "auc"));
  EXPECT_GT(ValueOf(good, "win_rate"), 0.6);
  EXPECT_LT(ValueOf(good, "reliability"), ValueOf(bad, "reliability"));
  EXPECT_NEAR(ValueOf(good, "accuracy"), 0.75, 0.05);
  for (const Metric& metric : good) EXPECT_TRUE(metric.interval.Contains(metric.value)) << metric.name;
}

TEST(BinaryMetrics, WithoutBothKindsThereIsNoAuc) {
  const auto metrics = BinaryMetrics(Rows{{0, .5, 1, kNone}, {1, .7, 1, kNone}}, {});
  EXPECT_EQ(Find(metrics, "auc"), nullptr);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "accuracy"), 1);
}

TEST(ReturnMetrics, AreTheirFormulas) {
  const Rows rows = {{0, 1, .02, 0}, {1, -1, .01, 0}, {2, 0, .5, 0}, {3, -1, -.03, 1}};
  const auto metrics = ReturnMetrics(rows, {});
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "win_rate"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "profit_factor"), 5);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "mean_return"), .01);
  EXPECT_NEAR(ValueOf(metrics, "max_drawdown"), .01, 1e-15);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "turnover"), 4.0 / 3);
  EXPECT_NEAR(ValueOf(metrics, "directional_bias"), -1.0 / 3, 1e-15);
  EXPECT_DOUBLE_EQ(ValueOf(metrics, "gain"), (.04 + .03) / 4);
  EXPECT_TRUE(ReturnMetrics({}, {}).empty());
}

// Squared errors that stay high or low for long have fewer independent rows, and so a wider interval.
TEST(Intervals, WidenWithDependence) {
  Random random(4);
  Rows independent, dependent;
  double level = 0;
  for (Time i = 0; i < 1000; ++i) {
    const double own = random.Normal();
    level = 0.95 * level + std::sqrt(1 - 0.95 * 0.95) * random.Normal();
    independent.push_back({i, own, 0, kNone});
    dependent.push_back({i, level, 0, kNone});
  }
  const auto a = RegressionMetrics(independent, {}), b = RegressionMetrics(dependent, {});
  EXPECT_GT(Find(b, "bias")->interval.width(), 3 * Find(a, "bias")->interval.width());
  EXPECT_GT(Find(b, "above")->interval.width(), 2 * Find(a, "above")->interval.width());
  EXPECT_LT(Find(b, "bias")->effective_rows, 100);
}

TEST(Intervals, AreTheSameForTheSameSeed) {
  MetricTerms other;
  other.seed = 1;
  const Rows rows = Probabilities(300, 1);
  const auto a = BinaryMetrics(rows, {}), b = BinaryMetrics(rows, {}), c = BinaryMetrics(rows, other);
  EXPECT_EQ(Find(a, "brier")->interval.low, Find(b, "brier")->interval.low);
  EXPECT_NE(Find(a, "brier")->interval.low, Find(c, "brier")->interval.low);
}

TEST(MarketRegimes, AreReadFromWhatWasKnown) {
  std::vector<double> outcomes;
  for (int i = 0; i < 300; ++i) outcomes.push_back((i < 150 ? 0.01 : 1) * (i % 2 == 0 ? 1 : -1) + (i >= 250 ? 3 : 0));
  const auto regimes = MarketRegimes(outcomes, 5, 20);
  EXPECT_EQ(regimes[23].volatility, VolatilityState::kUnknown);
  EXPECT_EQ(regimes[24].volatility, VolatilityState::kCalm);
  EXPECT_EQ(regimes[154].volatility, VolatilityState::kCalm) << "its newest known outcome is row 149";
  EXPECT_EQ(regimes[200].volatility, VolatilityState::kNormal);
  EXPECT_EQ(regimes[260].volatility, VolatilityState::kVolatile);
  EXPECT_EQ(regimes[299].trend, TrendState::kUp);
  EXPECT_EQ(MarketRegimes(outcomes, 1, 300).back().trend, TrendState::kUnknown);
}

TEST(MetricStatus, IsSureOnlyWithItsWholeInterval) {
  const PerformancePolicy policy;
  const auto judge = [&](const char* name, double value, double low, double high, std::int64_t rows = 100) {
    return JudgeMetric({name, value, {low, high}, "", rows, 0}, policy).value();
  };
  EXPECT_EQ(judge("win_rate", .56, .5, .6).status, MetricStatus::kOnTarget);
  EXPECT_FALSE(judge("win_rate", .56, .5, .6).sure);
  EXPECT_TRUE(judge("win_rate", .58, .55, .6).sure);
  EXPECT_EQ(judge("win_rate", .52, .5, .6).status, MetricStatus::kOk);
  EXPECT_EQ(judge("win_rate", .48, .4, .6).status, MetricStatus::kWarning);
  EXPECT_FALSE(judge("win_rate", .48, .4, .6).sure);
  EXPECT_TRUE(judge("win_rate", .48, .4, .49).sure);
  EXPECT_EQ(judge("win_rate", .3, .2, .4).status, MetricStatus::kCritical);
  EXPECT_EQ(judge("max_drawdown", .05, .02, .3).status, MetricStatus::kOnTarget);
  EXPECT_EQ(judge("max_drawdown", .12, .11, .14).status, MetricStatus::kWarning);
  EXPECT_TRUE(judge("max_drawdown", .12, .11, .14).sure);
  EXPECT_EQ(judge("max_drawdown", .2, .1, .3).status, MetricStatus::kCritical);
  EXPECT_EQ(judge("sharpe", 2, 1, 3, 29).status, MetricStatus::kNoData);
  EXPECT_FALSE(JudgeMetric({"mae", 1, {}, "", 100, 0}, policy));
}

TEST(MetricLimits, OutOfOrderAreRefused) {
  for (const char* text :
       {"win_rate:\n  target: 0.4\n", "max_drawdown:\n  critical: 0.05\n", "sharpe:\n  warning: 0.2\n"}) {
    auto document = YamlDocument::Parse(text, "policy.yaml");
    ASSERT_TRUE(document.ok());
    PerformancePolicy policy;
    ReadPerformancePolicy(document->root(), policy);
    ASSERT_FALSE(document->Finish().ok()) << text;
    EXPECT_NE(document->Finish().error().ToString().find("needs target"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace hone
