// Skewness and excess kurtosis over a window, of the window's own moments.
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_moments.h"

namespace hone {
namespace {

class Skew {
 public:
  explicit Skew(int period) : moments_(period) {}
  double Push(double value) {
    if (!moments_.Push(value)) return kNone;
    const double variance = moments_.variance();
    return variance > 0 ? moments_.third() / variance / std::sqrt(variance) : 0;
  }
  int warmup() const { return moments_.size(); }

 private:
  RollingMoments<3> moments_;
};

class Kurtosis {
 public:
  explicit Kurtosis(int period) : moments_(period) {}
  double Push(double value) {
    if (!moments_.Push(value)) return kNone;
    const double variance = moments_.variance();
    return variance > 0 ? moments_.fourth() / variance / variance - 3 : 0;
  }
  int warmup() const { return moments_.size(); }

 private:
  RollingMoments<4> moments_;
};

}  // namespace

constexpr IndicatorDefinition kSkew{
    .name = "skew",
    .description =
        "third central moment / variance^1.5 of the last `period` values, of the population; 0 without movement",
    .source = "scipy.stats.skew",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Skew>, int>};

constexpr IndicatorDefinition kKurtosis{
    .name = "kurtosis",
    .description =
        "fourth central moment / variance^2 - 3 of the last `period` values, of the population; 0 without movement",
    .source = "scipy.stats.kurtosis",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Kurtosis>, int>};

}  // namespace hone
