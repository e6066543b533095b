#include "features/expression/rolling_quantile.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "features/expression/pointwise.h"

namespace hone {
namespace {

class RollingQuantile final : public SteppedIndicator<RollingQuantile, 1, 1> {
 public:
  RollingQuantile(double size, double probability) : size_(static_cast<std::size_t>(size)), ring_(size_) {
    const double position = probability * static_cast<double>(size_ - 1);
    below_ = static_cast<std::size_t>(std::floor(position));
    share_ = position - std::floor(position);
    sorted_.reserve(size_);
  }

  std::array<double, 1> Step(const std::array<double, 1>& in) {
    const double value = in[0];
    if (sorted_.size() < size_) {
      sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
    } else {
      Replace(ring_[next_], value);
    }
    ring_[next_] = value;
    next_ = next_ + 1 == size_ ? 0 : next_ + 1;
    return {sorted_.size() < size_ ? kMissing : Quantile()};
  }
  int warmup() const override { return static_cast<int>(size_); }

 private:
  void Replace(double old, double value) {
    const auto leaves = std::lower_bound(sorted_.begin(), sorted_.end(), old);
    if (value >= old) {
      const auto place = std::lower_bound(leaves + 1, sorted_.end(), value);
      *std::move(leaves + 1, place, leaves) = value;
    } else {
      const auto place = std::upper_bound(sorted_.begin(), leaves, value);
      *(std::move_backward(place, leaves, leaves + 1) - 1) = value;
    }
  }

  double Quantile() const {
    const double low = sorted_[below_];
    return share_ == 0 ? low : low + share_ * (sorted_[below_ + 1] - low);
  }

  std::size_t size_;
  std::vector<double> ring_, sorted_;
  std::size_t next_ = 0;
  std::size_t below_ = 0;  // the order statistic at or below the quantile
  double share_ = 0;       // of the way to the next one
};

}  // namespace

Result<IndicatorPointer> MakeRollingQuantile(std::span<const double> parameters) {
  return IndicatorPointer(std::make_unique<RollingQuantile>(parameters[0], parameters[1]));
}

Result<IndicatorPointer> MakeRollingMedian(std::span<const double> parameters) {
  return IndicatorPointer(std::make_unique<RollingQuantile>(parameters[0], 0.5));
}

}  // namespace hone
