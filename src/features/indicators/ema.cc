// Exponential moving average.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {

constexpr IndicatorDefinition kEma{
    .name = "ema",
    .description = "ema += 2 / (period + 1) (value - ema), started at the mean of the first `period` values",
    .source = "TA-Lib EMA",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<ExponentialMean>, int>};

}  // namespace hone
