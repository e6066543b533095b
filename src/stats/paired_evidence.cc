#include "stats/paired_evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone {
namespace {

constexpr std::int64_t kMinimumBlocks = 12;

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
  State state{finite_, rows_, in_block_, sum_, block_sum_, {recent_.begin(), recent_.end()}, {}};
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
  levels_ = {};
  std::copy_n(state.levels.begin(), std::min<std::size_t>(state.levels.size(), kLevels), levels_.begin());
}

bool PairedEvidenceProcess::look_due() const {
  const std::int64_t step = 2 * static_cast<std::int64_t>(horizon_);
  return rows() >= kMinimumBlocks * step && rows() % step == 0;
}

// The level of the largest long-run variance among those with enough blocks; -1 where there is none.
int PairedEvidenceProcess::WidestLevel() const {
  int widest = -1;
  double largest = 0;
  for (int i = 0; i < kLevels && levels_[static_cast<std::size_t>(i)].means.count() >= kMinimumBlocks; ++i) {
    const double scaled = std::ldexp(levels_[static_cast<std::size_t>(i)].means.variance(), i);
    if (widest >= 0 && !(scaled > largest)) continue;
    widest = i;
    largest = scaled;
  }
  return widest;
}

PairedEvidence PairedEvidenceProcess::Evaluate(double alpha) const {
  PairedEvidence evidence;
  evidence.rows = rows();
  evidence.mean = mean();
  const int widest = WidestLevel();
  if (widest < 0 || !finite_) return evidence;
  const RunningMoments& means = levels_[static_cast<std::size_t>(widest)].means;
  const double base = 2.0 * horizon_, rows_now = static_cast<double>(rows());
  evidence.block_length = static_cast<int>(std::ldexp(base, widest));
  evidence.blocks = static_cast<int>(means.count());
  evidence.variance = std::ldexp(base, widest) * means.variance();

  const double blocks = evidence.blocks, shrink = g_ / (rows_now / base + g_);
  evidence.log_e = LogE(TSquared(rows_now, evidence.mean, evidence.variance), blocks, shrink);
  const double limit = TSquaredAt(-std::log(alpha), blocks, shrink);
  if (std::isinf(limit)) return evidence;
  const double half = std::sqrt(limit * evidence.variance / rows_now);
  evidence.low = evidence.mean - half;
  evidence.high = evidence.mean + half;
  return evidence;
}

}  // namespace hone
