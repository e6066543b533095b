#include <cmath>

#include "features/bar_features/bar_features.h"
#include "features/bar_variance.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

class LogMean final : public Feature {
 public:
  LogMean(int bars, SeriesTraits traits) : variance_(traits), window_(bars) {}
  double Update(const Bar& bar) override {
    const double variance = variance_.Update(bar);
    if (std::isnan(variance)) return kNone;
    window_.Push(variance);
    return window_.full() ? LogMeanVariance(window_.values()) : kNone;
  }
  int warmup() const override { return static_cast<int>(window_.size()) + variance_.warmup() - 1; }

 private:
  BarVariance variance_;
  Window window_;
};

}  // namespace

template <int kBars>
FeaturePointer MakeLogRange(SeriesTraits traits) {
  return std::make_unique<LogMean>(kBars, traits);
}
template <int kBars>
FeaturePointer MakeLogRealised(SeriesTraits) {
  return std::make_unique<LogMean>(kBars, kCloses);
}

template FeaturePointer MakeLogRange<1>(SeriesTraits);
template FeaturePointer MakeLogRange<5>(SeriesTraits);
template FeaturePointer MakeLogRange<22>(SeriesTraits);
template FeaturePointer MakeLogRange<66>(SeriesTraits);
template FeaturePointer MakeLogRealised<1>(SeriesTraits);
template FeaturePointer MakeLogRealised<5>(SeriesTraits);
template FeaturePointer MakeLogRealised<22>(SeriesTraits);

}  // namespace hone
