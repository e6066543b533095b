// Wilder's smoothing.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {

constexpr IndicatorDefinition kRma{
    .name = "rma",
    .description = "rma += (value - rma) / period, started at the mean of the first `period` values",
    .source = "TA-Lib RMA; Wilder 1978",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<WilderMean>, int>};

}  // namespace hone
