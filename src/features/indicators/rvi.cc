// Relative volatility index (Dorsey 1993): the relative strength of standard deviations.
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_moments.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr IndicatorParameter kRviParameters[] = {{.name = "period"}, {.name = "deviation_period", .low = 2}};

class Rvi {
 public:
  Rvi(int period, int deviation_period) : moments_(deviation_period), rises_(period), falls_(period) {}
  double Push(double value) {
    const double move = change_.Push(value);
    if (!moments_.Push(value)) return kNone;
    const double deviation = std::sqrt(moments_.variance());
    const double rise = rises_.Push(move > 0 ? deviation : 0), fall = falls_.Push(move < 0 ? deviation : 0);
    return rise + fall == 0 ? 50 : 100 * (rise / (rise + fall));
  }
  int warmup() const { return moments_.size() + rises_.warmup() - 1; }

 private:
  Change change_;
  RollingMoments<2> moments_;
  WilderMean rises_, falls_;
};

}  // namespace

constexpr IndicatorDefinition kRvi{.name = "rvi",
                                   .description =
                                       "100 u / (u + d), Wilder's means of the standard deviation of "
                                       "`deviation_period` values at rises and at falls; 50 without movement",
                                   .source = "TA-Lib RVI; Dorsey 1993",
                                   .inputs = kSeries,
                                   .parameters = kRviParameters,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<Rvi>, int, int>};

}  // namespace hone
