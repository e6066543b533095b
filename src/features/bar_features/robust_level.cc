// Volatility levels that one bad print cannot move far: real data hold bars whose low or high is off by a factor of
// ten, and a plain mean of variances carries such a bar for as long as its window.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "features/bar_features/bar_features.h"
#include "features/bar_variance.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

class MeanLog final : public Feature {
 public:
  MeanLog(int bars, SeriesTraits traits) : variance_(traits), logs_(bars) {}
  double Update(const Bar& bar) override {
    const double variance = variance_.Update(bar);
    if (std::isnan(variance)) return kNone;
    logs_.Push(std::log(std::max(variance, kVarianceFloor)));
    return logs_.full() ? Mean(logs_.values()) : kNone;
  }
  int warmup() const override { return static_cast<int>(logs_.size()) + variance_.warmup() - 1; }

 private:
  BarVariance variance_;
  Window logs_;
};

class TrimmedLogMean final : public Feature {
 public:
  TrimmedLogMean(int bars, SeriesTraits traits) : variance_(traits), window_(bars) {}
  double Update(const Bar& bar) override {
    const double variance = variance_.Update(bar);
    if (std::isnan(variance)) return kNone;
    window_.Push(variance);
    if (!window_.full()) return kNone;
    double sum = 0, largest = 0;
    for (const double value : window_.values()) {
      sum += value > largest ? largest : value;  // the largest so far stays out
      largest = std::max(largest, value);
    }
    return std::log(std::max(sum / static_cast<double>(window_.size() - 1), kVarianceFloor));
  }
  int warmup() const override { return static_cast<int>(window_.size()) + variance_.warmup() - 1; }

 private:
  BarVariance variance_;
  Window window_;
};

}  // namespace

template <int kBars>
FeaturePointer MakeMeanLogRange(SeriesTraits traits) {
  return std::make_unique<MeanLog>(kBars, traits);
}
template <int kBars>
FeaturePointer MakeTrimmedLogRange(SeriesTraits traits) {
  return std::make_unique<TrimmedLogMean>(kBars, traits);
}

template FeaturePointer MakeMeanLogRange<5>(SeriesTraits);
template FeaturePointer MakeMeanLogRange<22>(SeriesTraits);
template FeaturePointer MakeTrimmedLogRange<5>(SeriesTraits);
template FeaturePointer MakeTrimmedLogRange<22>(SeriesTraits);

}  // namespace hone
