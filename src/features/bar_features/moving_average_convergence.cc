#include <cstdint>

#include "features/bar_features/bar_features.h"
#include "features/no_value.h"

namespace hone {
namespace {

// Starts as the plain mean of the first `period` values; then moves by 2 / (period + 1) of the difference.
class ExponentialAverage {
 public:
  explicit ExponentialAverage(int period) : period_(period) {}
  double Update(double value) {
    if (seen_ < period_) {
      ++seen_;
      average_ += (value - average_) / static_cast<double>(seen_);
    } else {
      average_ += (value - average_) * (2.0 / (period_ + 1));
    }
    return seen_ == period_ ? average_ : kNone;
  }

 private:
  int period_;
  int seen_ = 0;
  double average_ = 0;
};

class MovingAverageConvergence final : public Feature {
 public:
  double Update(const Bar& bar) override {
    const double fast = fast_.Update(bar.close);
    const double slow = slow_.Update(bar.close);
    return (fast - slow) / bar.close;
  }
  int warmup() const override { return kSlow; }

 private:
  static constexpr int kFast = 12;
  static constexpr int kSlow = 26;
  ExponentialAverage fast_{kFast}, slow_{kSlow};
};

}  // namespace

FeaturePointer MakeMovingAverageConvergence(SeriesTraits) { return std::make_unique<MovingAverageConvergence>(); }

}  // namespace hone
