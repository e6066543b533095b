// Estimates before labels: their formulas, what they refuse, and what is learned of outcomes that are late.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "learning/learners.h"
#include "performance/estimates_for_test.h"
#include "performance/interval_replay.h"

namespace hone {
namespace {

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

TEST(EstimateMetric, IntervalAndGapAreTheirFormulas) {
  ExpectedLoss loss;
  loss.name = "rmse";
  loss.root = true;
  for (int i = 0; i < 100; ++i) loss.reference_residuals.push_back(i % 4 < 2 ? 1 : -1);
  loss.expected = 4;
  loss.rows = 25;
  const EstimatedMetric metric = EstimateMetric(loss, 0.95);
  EXPECT_EQ(metric.value, 2);
  EXPECT_FALSE(metric.gap.has_value());
  const double error = std::sqrt(1 / metric.effective_reference_rows * 100.0 / 99 * (1 + 100.0 / 25));
  EXPECT_NEAR(metric.interval.low, std::sqrt(4 - 1.959963984540054 * error), 1e-9);
  EXPECT_NEAR(metric.interval.high, std::sqrt(4 + 1.959963984540054 * error), 1e-9);

  loss.residuals = loss.reference_residuals;
  loss.expected_there = 4;
  loss.realised = 9;
  const PerformanceGap gap = *EstimateMetric(loss, 0.95).gap;
  EXPECT_EQ(gap.expected, 2);
  EXPECT_EQ(gap.realised, 3);
  EXPECT_EQ(gap.ratio, 1.5);
  EXPECT_LT(gap.p, 1e-6);
  EXPECT_NEAR((gap.interval.low + gap.interval.high) / 2, 1, 1e-12) << "around 3 - 2";
}

TEST(JudgeGaps, WantsEffectiveRowsAndAdjustsForTheMetrics) {
  EstimatedMetric quiet{"mae", 1, {}, 50, 500, PerformanceGap{1, 1, {}, 0.9, 1, 50, 50}};
  EstimatedMetric loud{"bias", 1, {}, 50, 500, PerformanceGap{1, 0.5, {}, 0.02, 0.5, 50, 50}};
  const std::vector<EstimatedMetric> both = {quiet, loud};
  const ConceptDrift verdict = JudgeGaps(both, {});
  EXPECT_TRUE(verdict.enough && verdict.drift);
  EXPECT_DOUBLE_EQ(verdict.p, 0.04);
  EXPECT_EQ(verdict.ratio, 2) << "better than expected is a change too";
  EXPECT_FALSE(JudgeGaps(both, {.minimum_effective_rows = 51}).enough);
  EXPECT_FALSE(JudgeGaps(both, {.minimum_effective_rows = 51}).drift);
  quiet.gap.reset();
  EXPECT_FALSE(JudgeGaps(std::vector{quiet}, {}).enough);
}

TEST(JudgeGaps, AMetricWithoutAGapDoesNotHideTheOthers) {
  EstimatedMetric auc{"auc", 0.7, {}, 50, 500, std::nullopt};
  EstimatedMetric loud{"brier", 1, {}, 50, 500, PerformanceGap{1, 0, {}, 0.02, 0, 50, 50}};
  const ConceptDrift verdict = JudgeGaps(std::vector{auc, loud}, {});
  EXPECT_TRUE(verdict.enough && verdict.drift);
  EXPECT_DOUBLE_EQ(verdict.p, 0.02) << "one of one";
  EXPECT_EQ(verdict.adjusted[0], 1);
  EXPECT_EQ(verdict.ratio, std::numeric_limits<double>::infinity()) << "no loss at all where some was expected";
}

TEST(EstimateMetric, WithoutAnyVariationWhatDiffersDiffers) {
  ExpectedLoss loss;
  loss.name = "rmse";
  loss.root = true;
  loss.reference_residuals.assign(100, 0);
  loss.rows = 50;
  loss.residuals.assign(50, 25);
  loss.realised = 25;
  const PerformanceGap gap = *EstimateMetric(loss, 0.95).gap;
  EXPECT_EQ(gap.p, 0);
  EXPECT_EQ(gap.interval.low, 5) << "in the unit of the root";
  loss.realised = loss.expected_there = 0.1;
  loss.realised += 1e-17;
  EXPECT_EQ(EstimateMetric(loss, 0.95).gap->p, 1) << "rounding";
}

TEST(EstimateMetric, OneRowVariesAsTheReferenceDoes) {
  ExpectedLoss loss;
  loss.name = "mae";
  for (int i = 0; i < 100; ++i) loss.reference_residuals.push_back(i % 2 == 0 ? 1 : -1);
  loss.rows = 1;
  loss.expected_there = 1;
  loss.residuals = {1.5};
  loss.realised = 2.5;
  const EstimatedMetric metric = EstimateMetric(loss, 0.95);
  EXPECT_NEAR(metric.gap->interval.high - 1.5, metric.interval.high - metric.value, 1e-12) << "n = k = 1";
}

TEST(ConfidenceEstimate, FollowsTheRowsAndMatchesWhatComesOfThem) {
  Random random(4);
  const auto reference = EventRows(0, 3000, {}, random);
  auto current = EventRows(0, 3000, {.shift = 1.5}, random);
  const auto estimate = [&] { return Estimates(*EstimateByConfidence(reference.rows, current.rows, {}), 0.99); };
  const auto known = estimate();
  ASSERT_EQ(known.size(), 5U);
  for (const EstimatedMetric& metric : known) {
    EXPECT_TRUE(metric.interval.Contains(metric.gap->realised)) << metric.name;
    EXPECT_EQ(metric.value, metric.gap->expected) << metric.name;
  }
  EXPECT_GT(known[0].value, 0.85) << "rows far from the border are told apart more easily";
  for (ScoredRow& row : current.rows) row.outcome = kNotKnown;
  const auto unknown = estimate();
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(unknown[i].value, known[i].value) << "no outcome of theirs is part of it";
    EXPECT_FALSE(unknown[i].gap.has_value());
  }
}

TEST(DirectEstimate, FollowsTheRowsAndMatchesWhatComesOfThem) {
  Random random(4);
  const auto reference = NumberRows(0, 3000, {}, random), current = NumberRows(0, 1000, {.shift = 0.5}, random);
  for (const char* name : {"ridge", "lightgbm"}) {
    const Learner* learner = FindLearner(name);
    if (learner == nullptr) continue;
    const auto losses = EstimateLossDirectly(reference, current, *learner, {}, 0);
    ASSERT_TRUE(losses.ok()) << losses.error().ToString();
    ASSERT_EQ(losses->size(), 3U) << "no QLIKE of numbers below 0";
    for (const EstimatedMetric& metric : Estimates(*losses, 0.95)) {
      EXPECT_LT(metric.interval.low, metric.value);
      EXPECT_EQ(metric.gap->rows, 1000);
    }
    const double mean_square = losses->at(1).expected, ridge_knows_no_curve = name[0] == 'r' ? 0.5 : 0.2;
    EXPECT_NEAR(mean_square, losses->at(1).realised, ridge_knows_no_curve) << name;
  }
}

TEST(Estimates, RefuseRowsThatCannotTell) {
  Random random(1);
  const auto few = EventRows(0, 149, {}, random);
  EXPECT_EQ(EstimateByConfidence(few.rows, few.rows, {}).error().message,
            "the reference has 149 rows with an outcome, 5 folds need 150");
  auto reference = EventRows(0, 200, {}, random);
  EXPECT_EQ(EstimateByConfidence(reference.rows, {}, {}).error().message, "there are no current rows");
  for (ScoredRow& row : reference.rows) row.outcome = 1;
  EXPECT_EQ(EstimateByConfidence(reference.rows, few.rows, {}).error().message,
            "all outcomes of the reference are the same");
}

TEST(ReplayIntervals, KnowNoOutcomeBeforeItsTime) {
  ConformalTerms terms;
  terms.window = 10;
  std::vector<ScoredRow> rows;
  for (int i = 0; i < 40; ++i) rows.push_back({i, 0, i % 7 + 1.0});
  const auto before = ReplayIntervals(rows, terms, 3);
  EXPECT_FALSE(before[11].given) << "the tenth outcome is not in yet";
  EXPECT_TRUE(before[12].given);
  rows[20].outcome = 1000;
  const auto after = ReplayIntervals(rows, terms, 3);
  for (std::size_t i = 0; i < 23; ++i) EXPECT_EQ(before[i].interval.high, after[i].interval.high) << i;
  EXPECT_NE(before[23].interval.high, after[23].interval.high);
}

}  // namespace
}  // namespace hone
