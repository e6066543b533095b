// Zero-lag exponential moving average (Ehlers and Way 2010).
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

class Zlema {
 public:
  explicit Zlema(int period) : lag_((period - 1) / 2), past_(std::max(lag_, 1)), mean_(period) {}
  double Push(double value) { return mean_.Push(lag_ == 0 ? value : 2 * value - past_.Push(value)); }
  int warmup() const { return lag_ + mean_.warmup(); }

 private:
  int lag_;
  Delay past_;
  ExponentialMean mean_;
};

}  // namespace

constexpr IndicatorDefinition kZlema{.name = "zlema",
                                     .description = "ema of value + (value - value of (period - 1) / 2 bars ago)",
                                     .source = "TA-Lib ZLEMA; Ehlers and Way 2010",
                                     .inputs = kSeries,
                                     .parameters = kPeriod,
                                     .outputs = kValue,
                                     .make = Make<OneSeries<Zlema>, int>};

}  // namespace hone
