#include "stats/paired_evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone {
namespace {

constexpr std::int64_t kMinimumBlocks = 12;
constexpr double kMostAutocorrelation = 0.97, kFewestBlocks = 2;

// log e at `t_squared`; its limit where that is infinite (variance 0).
double LogE(double t_squared, double blocks, double shrink) {
  const double prior = 0.5 * std::log(shrink);
  if (std::isinf(t_squared)) return prior - 0.5 * blocks * std::log(shrink);
  const double y = t_squared / (blocks - 1);
  return prior + 0.5 * blocks * (std::log1p(y) - std::log1p(y * shrink));
}

// The t^2 at which log e reaches `level`; infinite where it never does.
double TSquaredAt(double level, double blocks, double shrink) {
  const double ratio = std::exp((2 * level - std::log(shrink)) / blocks);
  if (ratio * shrink >= 1) return std::numeric_limits<double>::infinity();
  return (blocks - 1) * (ratio - 1) / (1 - ratio * shrink);
}

double TSquared(double rows, double mean, double variance) {
  if (mean == 0) return 0;
  return variance > 0 ? rows * mean * mean / variance : std::numeric_limits<double>::infinity();
}

}  // namespace

PairedEvidenceProcess::PairedEvidenceProcess(int horizon, double g) : horizon_(std::max(horizon, 1)), g_(g) {}

void PairedEvidenceProcess::Add(double difference) {
  finite_ = finite_ && std::isfinite(difference);
  ++rows_;
  sum_ += difference;
  recent_.push_back(difference);
  if (static_cast<std::int64_t>(recent_.size()) > recent_capacity()) recent_.pop_front();
  block_sum_ += difference;
  if (++in_block_ == 2 * static_cast<std::int64_t>(horizon_)) CloseBlock();
}

void PairedEvidenceProcess::CloseBlock() {
  double mean = block_sum_ / static_cast<double>(in_block_);
  block_sum_ = 0;
  in_block_ = 0;
  AddNeighbour(mean);
  for (Level& level : levels_) {
    level.means.Add(mean);
    if (!level.has_waiting) {
      level.waiting = mean;
      level.has_waiting = true;
      return;
    }
    mean = 0.5 * (level.waiting + mean);
    level.has_waiting = false;
  }
}

void PairedEvidenceProcess::AddNeighbour(double mean) {
  if (!neighbours_) return;
  if (levels_[0].means.count() == 0) neighbours_->first = mean;
  const double next = mean - neighbours_->first;
  neighbours_->products += neighbours_->newest * next;
  neighbours_->newest = next;
}

double PairedEvidenceProcess::mean() const { return rows_ > 0 ? sum_ / static_cast<double>(rows_) : 0; }

std::int64_t PairedEvidenceProcess::recent_capacity() const {
  return std::max<std::int64_t>(60, 12 * static_cast<std::int64_t>(horizon_));
}

double PairedEvidenceProcess::MeanOfLast(std::int64_t n) const {
  n = std::min(n, static_cast<std::int64_t>(recent_.size()));
  if (n <= 0) return 0;
  return std::accumulate(recent_.end() - n, recent_.end(), 0.0) / static_cast<double>(n);
}

PairedEvidenceProcess::State PairedEvidenceProcess::state() const {
  State state{finite_, rows_, in_block_, sum_, block_sum_, {recent_.begin(), recent_.end()}, {}, neighbours_};
  for (const Level& level : levels_) {
    if (level.means.count() == 0) break;
    state.levels.push_back(level);
  }
  return state;
}

void PairedEvidenceProcess::Restore(const State& state) {
  finite_ = state.finite;
  rows_ = state.rows;
  in_block_ = state.in_block;
  sum_ = state.sum;
  block_sum_ = state.block_sum;
  recent_.assign(state.recent.begin(), state.recent.end());
  neighbours_ = state.neighbours;
  levels_ = {};
  std::copy_n(state.levels.begin(), std::min<std::size_t>(state.levels.size(), kLevels), levels_.begin());
}

bool PairedEvidenceProcess::look_due() const {
  const std::int64_t step = 2 * static_cast<std::int64_t>(horizon_);
  return rows() >= kMinimumBlocks * step && rows() % step == 0;
}

// The largest among the block lengths with enough blocks.
PairedEvidenceProcess::LongRunVariance PairedEvidenceProcess::OfBlocks() const {
  LongRunVariance widest;
  for (int i = 0; i < kLevels && levels_[static_cast<std::size_t>(i)].means.count() >= kMinimumBlocks; ++i) {
    const RunningMoments& means = levels_[static_cast<std::size_t>(i)].means;
    const double length = std::ldexp(2.0 * horizon_, i), variance = length * means.variance();
    if (i > 0 && !(variance > widest.variance)) continue;
    widest = {variance, static_cast<double>(means.count()), length};
  }
  return widest;
}

// Of neighbouring blocks of 2h rows, lag 1.
double PairedEvidenceProcess::Autocorrelation() const {
  const RunningMoments& means = levels_[0].means;
  const double squares = means.sum_of_squares(), count = static_cast<double>(means.count());
  if (!(squares > 0)) return 0;
  const double mean = means.mean() - neighbours_->first;
  // The first block's own difference is 0.
  const double sum = count * mean;
  return (neighbours_->products - mean * (2 * sum - neighbours_->newest) + (count - 1) * mean * mean) / squares;
}

PairedEvidenceProcess::LongRunVariance PairedEvidenceProcess::OfAutoregression() const {
  if (!neighbours_) return {};
  const double count = static_cast<double>(levels_[0].means.count()), measured = Autocorrelation();
  if (measured * std::sqrt(count) < 1) return {};  // no more than chance
  const double r = std::min(measured + 2 * (1 + 3 * measured) / count, kMostAutocorrelation);
  const double inflation = (1 + r) / (1 - r), length = 2.0 * horizon_ * inflation;
  return {length * levels_[0].means.variance(), std::max(count * (1 - r) * (1 - r), kFewestBlocks), length};
}

PairedEvidence PairedEvidenceProcess::Evaluate(double alpha) const {
  PairedEvidence evidence;
  evidence.rows = rows();
  evidence.mean = mean();
  if (levels_[0].means.count() < kMinimumBlocks || !finite_) return evidence;
  const LongRunVariance of_blocks = OfBlocks(), of_autoregression = OfAutoregression();
  const LongRunVariance& widest = of_autoregression.variance > of_blocks.variance ? of_autoregression : of_blocks;
  const double base = 2.0 * horizon_, rows_now = static_cast<double>(rows());
  evidence.block_length = static_cast<int>(std::lround(widest.block_length));
  evidence.blocks = static_cast<int>(widest.blocks);
  evidence.variance = widest.variance;

  const double blocks = widest.blocks, shrink = g_ / (rows_now / base + g_);
  evidence.log_e = LogE(TSquared(rows_now, evidence.mean, evidence.variance), blocks, shrink);
  const double limit = TSquaredAt(-std::log(alpha), blocks, shrink);
  if (std::isinf(limit)) return evidence;
  const double half = std::sqrt(limit * evidence.variance / rows_now);
  evidence.low = evidence.mean - half;
  evidence.high = evidence.mean + half;
  return evidence;
}

}  // namespace hone
