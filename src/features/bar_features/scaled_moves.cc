#include <algorithm>
#include <cmath>

#include "features/bar_features/bar_features.h"
#include "features/bar_variance.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr int kScaleBars = 22;

// Standard deviation of one bar, from the mean variance of the last 22.
class Scale {
 public:
  explicit Scale(SeriesTraits traits) : variance_(traits) {}
  void Update(const Bar& bar) {
    const double variance = variance_.Update(bar);
    if (!std::isnan(variance)) window_.Push(variance);
  }
  bool ready() const { return window_.full(); }
  double value() const { return std::sqrt(std::max(Mean(window_.values()), kVarianceFloor)); }
  int warmup() const { return kScaleBars + variance_.warmup() - 1; }

 private:
  BarVariance variance_;
  Window window_{kScaleBars};
};

class ScaledReturn final : public Feature {
 public:
  ScaledReturn(int bars, SeriesTraits traits) : scale_(traits), closes_(bars + 1) {}
  double Update(const Bar& bar) override {
    scale_.Update(bar);
    closes_.Push(bar.close);
    if (!scale_.ready() || !closes_.full()) return kNone;
    const double bars = static_cast<double>(closes_.size() - 1);
    return std::log(closes_.newest() / closes_.oldest()) / (scale_.value() * std::sqrt(bars));
  }
  int warmup() const override { return std::max(scale_.warmup(), static_cast<int>(closes_.size())); }

 private:
  Scale scale_;
  Window closes_;
};

class ScaledMaxDrop final : public Feature {
 public:
  explicit ScaledMaxDrop(SeriesTraits traits) : scale_(traits) {}
  double Update(const Bar& bar) override {
    scale_.Update(bar);
    closes_.Push(bar.close);
    if (!scale_.ready()) return kNone;
    double highest = 0, lowest_share = 1;
    for (const double close : closes_.values()) {
      highest = std::max(highest, close);
      lowest_share = std::min(lowest_share, close / highest);
    }
    return -std::log(lowest_share) / (scale_.value() * std::sqrt(static_cast<double>(kScaleBars)));
  }
  int warmup() const override { return scale_.warmup(); }

 private:
  Scale scale_;
  Window closes_{kScaleBars};
};

// Bars fallen have this part of the squared returns.
class DownShare final : public Feature {
 public:
  double Update(const Bar& bar) override {
    const double move = std::log(bar.close / last_close_);
    last_close_ = bar.close;
    if (std::isnan(move)) return kNone;
    all_.Push(move * move);
    down_.Push(move < 0 ? move * move : 0);
    if (!all_.full()) return kNone;
    const double total = Sum(all_.values());
    return total > 0 ? Sum(down_.values()) / total : kEven;
  }
  int warmup() const override { return kScaleBars + 1; }

 private:
  static constexpr double kEven = 0.5;
  Window all_{kScaleBars}, down_{kScaleBars};
  double last_close_ = kNone;
};

}  // namespace

template <int kBars>
FeaturePointer MakeScaledReturn(SeriesTraits traits) {
  return std::make_unique<ScaledReturn>(kBars, traits);
}
FeaturePointer MakeScaledMaxDrop22(SeriesTraits traits) { return std::make_unique<ScaledMaxDrop>(traits); }
FeaturePointer MakeDownShare22(SeriesTraits) { return std::make_unique<DownShare>(); }

template FeaturePointer MakeScaledReturn<1>(SeriesTraits);
template FeaturePointer MakeScaledReturn<5>(SeriesTraits);
template FeaturePointer MakeScaledReturn<22>(SeriesTraits);

}  // namespace hone
