#include <algorithm>
#include <cmath>

#include "features/bar_features/bar_features.h"
#include "features/bar_variance.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

class LogRatio final : public Feature {
 public:
  LogRatio(int shorter, int longer, SeriesTraits traits) : variance_(traits), shorter_(shorter), longer_(longer) {}
  double Update(const Bar& bar) override {
    const double variance = variance_.Update(bar);
    if (std::isnan(variance)) return kNone;
    shorter_.Push(variance);
    longer_.Push(variance);
    return longer_.full() ? LogMeanVariance(shorter_.values()) - LogMeanVariance(longer_.values()) : kNone;
  }
  int warmup() const override { return static_cast<int>(longer_.size()) + variance_.warmup() - 1; }

 private:
  BarVariance variance_;
  Window shorter_, longer_;
};

// Sample standard deviation of the ln of single bars' variances: how unsteady volatility is.
class LogSpread final : public Feature {
 public:
  LogSpread(int bars, SeriesTraits traits) : variance_(traits), logs_(bars) {}
  double Update(const Bar& bar) override {
    const double variance = variance_.Update(bar);
    if (std::isnan(variance)) return kNone;
    logs_.Push(std::log(std::max(variance, kVarianceFloor)));
    if (!logs_.full()) return kNone;
    const double mean = Mean(logs_.values());
    double squares = 0;
    for (const double value : logs_.values()) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(logs_.size() - 1));
  }
  int warmup() const override { return static_cast<int>(logs_.size()) + variance_.warmup() - 1; }

 private:
  BarVariance variance_;
  Window logs_;
};

}  // namespace

template <int kShort, int kLong>
FeaturePointer MakeRangeRatio(SeriesTraits traits) {
  return std::make_unique<LogRatio>(kShort, kLong, traits);
}
template <int kShort, int kLong>
FeaturePointer MakeRealisedRatio(SeriesTraits) {
  return std::make_unique<LogRatio>(kShort, kLong, kCloses);
}
FeaturePointer MakeRangeSpread22(SeriesTraits traits) { return std::make_unique<LogSpread>(22, traits); }

template FeaturePointer MakeRangeRatio<1, 5>(SeriesTraits);
template FeaturePointer MakeRangeRatio<1, 22>(SeriesTraits);
template FeaturePointer MakeRangeRatio<5, 22>(SeriesTraits);
template FeaturePointer MakeRangeRatio<22, 66>(SeriesTraits);
template FeaturePointer MakeRealisedRatio<1, 22>(SeriesTraits);
template FeaturePointer MakeRealisedRatio<5, 22>(SeriesTraits);

}  // namespace hone
