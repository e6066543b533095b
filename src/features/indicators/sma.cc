// Simple moving average.
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {

constexpr IndicatorDefinition kSma{.name = "sma",
                                   .description = "mean of the last `period` values",
                                   .source = "TA-Lib SMA",
                                   .inputs = kSeries,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<RollingMean>, int>};

}  // namespace hone
