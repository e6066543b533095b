#include "retraining/loss_range.h"

#include <algorithm>
#include <numeric>

namespace hone {

LossRange::LossRange(int window) : window_(window) {}

void LossRange::SetReference(const std::vector<double>& losses) {
  recent_.clear();
  reference_mean_ = reference_highest_ = 0;
  if (losses.empty()) return;
  reference_mean_ = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
  const auto window = static_cast<std::size_t>(window_);
  double sum = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    sum += losses[i];
    if (i >= window) sum -= losses[i - window];
    if (i + 1 >= window) reference_highest_ = std::max(reference_highest_, sum / window_);
  }
}

void LossRange::Add(double loss) {
  recent_.push_back(loss);
  if (static_cast<int>(recent_.size()) > window_) recent_.pop_front();
}

double LossRange::recent_mean() const {
  if (recent_.empty()) return 0;
  return std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
}

double LossRange::ratio() const { return full() && reference_mean_ > 0 ? recent_mean() / reference_mean_ : 0; }

bool LossRange::Left(double ratio) const {
  return full() && reference_mean_ > 0 && recent_mean() > ratio * reference_mean_ && recent_mean() > reference_highest_;
}

}  // namespace hone
