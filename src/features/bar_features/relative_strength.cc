#include <algorithm>
#include <cstdint>

#include "features/bar_features/bar_features.h"
#include "features/no_value.h"

namespace hone {
namespace {

constexpr int kPeriod = 14;
constexpr double kMiddle = 50;

// The first averages are plain means of 14 changes; after that average = (13 average + new) / 14.
class RelativeStrength final : public Feature {
 public:
  double Update(const Bar& bar) override {
    const double change = bar.close - last_close_;
    last_close_ = bar.close;
    if (seen_++ == 0) return kNone;
    Average(up_, std::max(change, 0.0));
    Average(down_, std::max(-change, 0.0));
    return seen_ > kPeriod ? Strength() : kNone;
  }
  int warmup() const override { return kPeriod + 1; }

 private:
  void Average(double& average, double value) const {
    if (seen_ <= kPeriod + 1) {
      average += value / kPeriod;
    } else {
      average = ((kPeriod - 1) * average + value) / kPeriod;
    }
  }
  double Strength() const { return up_ + down_ > 0 ? 100 * (up_ / (up_ + down_)) : kMiddle; }

  std::int64_t seen_ = 0;
  double last_close_ = kNone;
  double up_ = 0, down_ = 0;
};

}  // namespace

FeaturePointer MakeRelativeStrength14(SeriesTraits) { return std::make_unique<RelativeStrength>(); }

}  // namespace hone
