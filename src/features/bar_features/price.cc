#include <cmath>

#include "features/bar_features/bar_features.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr int kVolatilityReturns = 20;

// close / close `bars` ago - 1
class Change final : public Feature {
 public:
  explicit Change(int bars) : closes_(bars + 1) {}
  double Update(const Bar& bar) override {
    closes_.Push(bar.close);
    return closes_.full() ? closes_.newest() / closes_.oldest() - 1 : kNone;
  }
  int warmup() const override { return static_cast<int>(closes_.size()); }

 private:
  Window closes_;
};

// Sample standard deviation of the last returns.
class Volatility final : public Feature {
 public:
  double Update(const Bar& bar) override {
    const double change = bar.close / last_close_ - 1;
    last_close_ = bar.close;
    if (std::isnan(change)) return kNone;
    returns_.Push(change);
    if (!returns_.full()) return kNone;
    const double mean = Mean(returns_.values());
    double squares = 0;
    for (const double value : returns_.values()) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / (kVolatilityReturns - 1));
  }
  int warmup() const override { return kVolatilityReturns + 1; }

 private:
  Window returns_{kVolatilityReturns};
  double last_close_ = kNone;
};

}  // namespace

FeaturePointer MakePriceReturn(SeriesTraits) { return std::make_unique<Change>(1); }
FeaturePointer MakePriceMomentum(SeriesTraits) { return std::make_unique<Change>(10); }
FeaturePointer MakePriceVolatility(SeriesTraits) { return std::make_unique<Volatility>(); }

}  // namespace hone
