// Sums over a window and over the whole stream.
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Cumsum {
 public:
  double Push(double value) { return total_ += value; }
  int warmup() const { return 1; }

 private:
  double total_ = 0;
};

}  // namespace

constexpr IndicatorDefinition kSum{.name = "sum",
                                   .description = "sum of the last `period` values",
                                   .source = "TA-Lib SUM",
                                   .inputs = kSeries,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<RollingSum>, int>};

constexpr IndicatorDefinition kCumsum{.name = "cumsum",
                                      .description = "sum of all values so far",
                                      .source = "TA-Lib CUMSUM",
                                      .inputs = kSeries,
                                      .parameters = {},
                                      .outputs = kValue,
                                      .make = Make<OneSeries<Cumsum>>};

}  // namespace hone
