#include <cmath>
#include <limits>

#include "features/bar_features/bar_features.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kBars = 20;
constexpr double kWidth = 2;  // standard deviations on each side
constexpr double kMiddle = 0.5;

class BollingerPosition final : public Feature {
 public:
  double Update(const Bar& bar) override {
    closes_.Push(bar.close);
    if (!closes_.full()) return kNone;
    const double mean = Mean(closes_.values());
    double squares = 0;
    for (const double close : closes_.values()) squares += (close - mean) * (close - mean);
    const double half = kWidth * std::sqrt(squares / kBars);
    return half > 0 ? (bar.close - mean + half) / (2 * half) : kMiddle;
  }
  int warmup() const override { return kBars; }

 private:
  Window closes_{kBars};
};

}  // namespace

FeaturePointer MakeBollingerPosition(SeriesTraits) { return std::make_unique<BollingerPosition>(); }

}  // namespace hone
