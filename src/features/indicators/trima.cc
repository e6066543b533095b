// Triangular moving average: a mean of means, so that weights rise to the middle of the window and fall again.
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Trima {
 public:
  explicit Trima(int period) : first_((period + 1) / 2), second_(period / 2 + 1) {}
  double Push(double value) { return second_.Push(first_.Push(value)); }
  int warmup() const { return first_.warmup() + second_.warmup() - 1; }

 private:
  RollingMean first_, second_;
};

}  // namespace

constexpr IndicatorDefinition kTrima{
    .name = "trima",
    .description = "mean of `period` values with weights rising to the middle of the window and falling again",
    .source = "TA-Lib TRIMA",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<Trima>, int>};

}  // namespace hone
