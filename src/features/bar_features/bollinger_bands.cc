#include <cmath>

#include "features/bar_features/bar_features.h"
#include "features/no_value.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr int kBandBars = 20;
constexpr double kWidth = 2;  // standard deviations on each side
constexpr double kMiddleOfBands = 0.5;

class BollingerPosition final : public Feature {
 public:
  double Update(const Bar& bar) override {
    closes_.Push(bar.close);
    if (!closes_.full()) return kNone;
    const double mean = Mean(closes_.values());
    double squares = 0;
    for (const double close : closes_.values()) squares += (close - mean) * (close - mean);
    const double half = kWidth * std::sqrt(squares / kBandBars);
    return half > 0 ? (bar.close - mean + half) / (2 * half) : kMiddleOfBands;
  }
  int warmup() const override { return kBandBars; }

 private:
  Window closes_{kBandBars};
};

}  // namespace

FeaturePointer MakeBollingerPosition(SeriesTraits) { return std::make_unique<BollingerPosition>(); }

}  // namespace hone
