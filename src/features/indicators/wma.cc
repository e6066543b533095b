// Linearly weighted moving average.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {

constexpr IndicatorDefinition kWma{
    .name = "wma",
    .description = "mean of the last `period` values with weights 1 (oldest) to `period` (newest)",
    .source = "TA-Lib WMA",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<WeightedMean>, int>};

}  // namespace hone
