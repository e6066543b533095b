#include "retraining/loss_range.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone {

void LossRecord::Add(double loss) {
  if (!std::isfinite(loss)) return;
  ++count_;
  sum_ += loss;
  recent_.push_back(loss);
  if (static_cast<int>(recent_.size()) > window_) recent_.pop_front();
  if (full()) highest_ = std::max(highest_, recent_mean());
}

double LossRecord::recent_mean() const {
  if (recent_.empty()) return 0;
  return std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
}

void LossRecord::Restore(const State& state) {
  count_ = state.count;
  sum_ = state.sum;
  highest_ = state.highest;
  recent_ = state.recent;
}

void LossRange::SetReference(const LossRecord& record) {
  reference_mean_ = record.mean();
  reference_highest_ = record.highest();
  recent_ = LossRecord(window_);
}

double LossRange::ratio() const { return recent_.full() && reference_mean_ > 0 ? recent_mean() / reference_mean_ : 0; }

void LossRange::Restore(const State& state) {
  reference_mean_ = state.reference_mean;
  reference_highest_ = state.reference_highest;
  recent_.Restore(state.recent);
}

}  // namespace hone
