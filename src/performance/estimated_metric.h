// Performance before labels: what a metric is expected to be on rows whose outcomes are not known, and, where some are,
// the gap between that and what they turned out to be.
//
// Of each row there is an expectation of its loss, made from a labelled reference (confidence_based_estimate.h,
// direct_loss_estimate.h); the residual is the loss less its expectation. On reference rows the expectation is made
// without them. With s^2(r) = variance times autocorrelation time of the residuals r (effective_sample_size.h),
//
//   estimate   mean expectation of the n current rows, +- z sqrt(s^2(reference) (1 / n + 1 / m)), m reference rows:
//              where the metric of these very rows will be found at this level while outcomes follow from predictions
//              as they did in the reference
//   gap        realised - expected over the k rows with an outcome, +- z sqrt(s^2(current) / k + s^2(reference) / m);
//              p, two-sided, of its being 0; where no residual varies 1 or 0, as the two are the same or not. One row
//              alone is taken to vary as the reference does. Other rows than before move both and leave the gap: it is
//              the concept, what outcome a row has, that moved.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "performance/metric.h"

namespace hone {

// What a metric is estimated from; each a mean of something by row.
struct ExpectedLoss {
  std::string name;
  bool root = false;              // the metric is the root of the mean
  bool higher_is_better = false;  // then it is at most 1
  bool is_signed = false;         // a bias: of no ratio, may be below 0
  std::vector<double> reference_residuals;
  double expected = 0;  // of all current rows
  std::int64_t rows = 0;
  // Of the current rows with an outcome; no residuals without any.
  double expected_there = 0, realised = 0;
  std::vector<double> residuals;
};

struct PerformanceGap {
  double expected = 0, realised = 0;  // over the rows with an outcome
  Interval interval;                  // of realised - expected
  double p = 1;
  double ratio =
      1;  // of the realised loss to the expected; of what is better higher, of what is missing to 1; NaN: bias
  std::int64_t rows = 0;
  double effective_rows = 0;
};

struct EstimatedMetric {
  std::string name;
  double value = 0;
  Interval interval;
  std::int64_t rows = 0;
  double effective_reference_rows = 0;
  std::optional<PerformanceGap> gap;
};

// `level` in (0, 1). At least one reference row.
EstimatedMetric EstimateMetric(const ExpectedLoss& loss, double level);

struct GapRule {
  double false_discovery_rate = 0.05;             // of the metrics' p-values, adjusted after Benjamini and Hochberg
  double minimum_effective_reference_rows = 100;  // below either there is no verdict
  double minimum_effective_rows = 30;
};

struct ConceptDrift {
  bool enough = false;           // rows for a verdict, of every metric that has a gap
  bool drift = false;            // the gap of some metric is not 0
  double p = 1;                  // the least, adjusted
  double ratio = 1;              // of the metrics that say so, the one farthest from 1, as max(ratio, 1 / ratio)
  std::vector<double> adjusted;  // by metric; 1 for one without a gap
};

ConceptDrift JudgeGaps(std::span<const EstimatedMetric> metrics, const GapRule& rule);

}  // namespace hone
