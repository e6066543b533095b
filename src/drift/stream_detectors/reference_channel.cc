#include "drift/stream_detectors/reference_channel.h"

#include <algorithm>
#include <cmath>

#include "stats/effective_sample_size.h"
#include "stats/paired_evidence.h"
#include "stats/running_moments.h"

namespace hone {
namespace {

constexpr double kSharpestAt = 25;  // effective rows

// The square over two of the Student variable that is exceeded as rarely as a normal one whose square over two is
// `half_square`.
double StudentHalfSquare(double half_square, double freedom) {
  return 0.5 * freedom * std::expm1(2 * half_square / freedom);
}

PairedEvidence BlocksOf(std::span<const double> rows) {
  PairedEvidenceProcess blocks(1);
  for (const double row : rows) blocks.Add(row);
  return blocks.Evaluate(0.05);
}

}  // namespace

ReferenceChannel::ReferenceChannel(std::span<const double> rows, double quantile, double margin) {
  RunningMoments moments;
  for (const double row : rows) moments.Add(row);
  const AutocorrelationTime time = IntegratedAutocorrelationTime(rows);
  const double count = static_cast<double>(rows.size());
  mean_ = moments.mean();
  tau_ = time.tau;
  // Not below that of a column of which 5 values are unlike the others: what was never seen may yet be rare.
  variance_ = tau_ * std::max(moments.variance(), 1.25 / count);
  freedom_ = std::max(1.0, count / (2.0 * time.window + 1));
  const PairedEvidence wide = BlocksOf(rows);
  if (wide.variance > variance_) {
    tau_ *= wide.variance / variance_;
    variance_ = wide.variance;
    freedom_ = wide.blocks - 1;
  }
  slack_ = margin + std::sqrt(2 * StudentHalfSquare(0.5 * quantile * quantile, freedom_) * variance_ / count);
}

bool ReferenceChannel::Beyond(double sum, double count, double log_inverse) const {
  const double excess = std::fabs(sum) - count * slack_;
  if (excess <= 0) return false;
  const double g = kSharpestAt * tau_, scale = 2 * variance_ * (count + g);
  if (excess * excess <= scale * log_inverse) return false;
  const double bound = StudentHalfSquare(log_inverse + 0.5 * std::log1p(count / g), freedom_);
  return excess * excess > scale * bound;
}

}  // namespace hone
