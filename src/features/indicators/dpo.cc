// Detrended price oscillator, not centred: it knows no later bar.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Dpo {
 public:
  explicit Dpo(int period) : mean_(period), past_(period / 2 + 1), warmup_(std::max(mean_.warmup(), past_.warmup())) {}
  double Push(double value) { return past_.Push(value) - mean_.Push(value); }
  int warmup() const { return warmup_; }

 private:
  RollingMean mean_;
  Delay past_;
  int warmup_;
};

}  // namespace

constexpr IndicatorDefinition kDpo{.name = "dpo",
                                   .description = "value of period / 2 + 1 bars ago - mean of the last `period` values",
                                   .source = "TA-Lib DPO",
                                   .inputs = kSeries,
                                   .parameters = kPeriodFrom2,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<Dpo>, int>};

}  // namespace hone
