#include "rollout/trial_duration.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <memory>
#include <numeric>

#include "stats/effective_sample_size.h"

namespace hone {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// Standard deviation of the sum of `horizon` neighbours of an AR(1) of variance 1.
double DeviationOfSum(double autocorrelation, int horizon) {
  double variance = horizon, correlation = 1;
  for (int lag = 1; lag < horizon; ++lag) {
    correlation *= autocorrelation;
    variance += 2.0 * (horizon - lag) * correlation;
  }
  return std::sqrt(variance);
}

class SummedAutoregression {
 public:
  SummedAutoregression(double scale, double autocorrelation, int horizon, Random& random)
      : scale_(scale), autocorrelation_(autocorrelation), random_(&random), state_(random.Normal()) {
    for (int i = 0; i < horizon; ++i) newest_.push_back(Step());
  }
  double operator()() {
    newest_.pop_front();
    newest_.push_back(Step());
    return scale_ * std::accumulate(newest_.begin(), newest_.end(), 0.0);
  }

 private:
  double Step() {
    const double fresh = std::sqrt(1 - autocorrelation_ * autocorrelation_) * random_->Normal();
    return state_ = autocorrelation_ * state_ + fresh;
  }

  double scale_, autocorrelation_;
  Random* random_;
  double state_;
  std::deque<double> newest_;
};

// The row at which a trial advances; kNever, or -1 for one that rolls back.
std::int64_t AdvancedAt(const DurationQuestion& question, const DifferenceSource& differences, std::uint64_t run) {
  Random random = Random::Stream(question.seed + run, "duration");
  const std::function<double()> next = differences(random);
  PairedComparison comparison(question.terms);
  for (int row = 0; row < question.longest && !comparison.decided(); ++row) {
    comparison.Add(next() + question.gain, 0);
  }
  if (!comparison.decided()) return kNever;
  const TrialAnswer answer = comparison.Answer();
  return answer.judgement.verdict == Verdict::kAdvance ? answer.row : -1;
}

// The row by which a share of the trials had advanced; `rows` ascending, kNever for those that had not.
std::optional<std::int64_t> RowOfShare(const std::vector<std::int64_t>& rows, double share) {
  const double place = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(rows.size()));
  const std::int64_t row = rows[static_cast<std::size_t>(std::max(place, 1.0)) - 1];
  return row == kNever ? std::nullopt : std::optional(row);
}

}  // namespace

DifferenceSource NormalDifferences(double deviation, double autocorrelation, int horizon) {
  const double scale = deviation / DeviationOfSum(autocorrelation, horizon);
  return [=](Random& random) { return SummedAutoregression(scale, autocorrelation, horizon, random); };
}

DifferenceSource ResampledDifferences(std::span<const double> differences, int horizon) {
  auto centred = std::make_shared<std::vector<double>>(differences.begin(), differences.end());
  const double mean = std::accumulate(centred->begin(), centred->end(), 0.0) / static_cast<double>(centred->size());
  for (double& value : *centred) value -= mean;
  const double ends = 1 / std::max(2.0 * horizon, 2 * IntegratedAutocorrelationTime(*centred).tau);
  return [centred, ends](Random& random) {
    return [centred, ends, &random, at = random.Below(centred->size())]() mutable {
      at = random.Uniform() < ends ? random.Below(centred->size()) : (at + 1) % centred->size();
      return (*centred)[at];
    };
  };
}

TrialDuration PlanDuration(const DurationQuestion& question, const DifferenceSource& differences) {
  TrialDuration duration;
  std::vector<std::int64_t> rows;
  for (int run = 0; run < question.runs; ++run) {
    const std::int64_t row = AdvancedAt(question, differences, static_cast<std::uint64_t>(run));
    duration.advanced += row > 0 && row != kNever ? 1 : 0;
    duration.rolled_back += row < 0 ? 1 : 0;
    rows.push_back(row < 0 ? kNever : row);
  }
  std::sort(rows.begin(), rows.end());
  const double error = 1.96 * std::sqrt(question.power * (1 - question.power) / question.runs);
  duration.rows = RowOfShare(rows, question.power);
  duration.low = RowOfShare(rows, question.power - error);
  duration.high = RowOfShare(rows, question.power + error);
  duration.median = RowOfShare(rows, 0.5);
  duration.advanced /= question.runs;
  duration.rolled_back /= question.runs;
  return duration;
}

}  // namespace hone
