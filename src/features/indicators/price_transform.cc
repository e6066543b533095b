// Prices of one bar.
#include "features/indicators/definitions.h"

namespace hone {
namespace {

double Average(const Row<4>& bar) { return (bar[0] + bar[1] + bar[2] + bar[3]) / 4; }
double Median(const Row<2>& bar) { return (bar[0] + bar[1]) / 2; }
double Typical(const Row<3>& bar) { return (bar[0] + bar[1] + bar[2]) / 3; }
double WeightedClose(const Row<3>& bar) { return (bar[0] + bar[1] + 2 * bar[2]) / 4; }

}  // namespace

constexpr IndicatorDefinition kAvgprice{.name = "avgprice",
                                        .description = "(open + high + low + close) / 4",
                                        .source = "TA-Lib AVGPRICE",
                                        .inputs = kOpenHighLowClose,
                                        .parameters = {},
                                        .outputs = kValue,
                                        .make = Make<OfOneBar<4, Average>>};

constexpr IndicatorDefinition kMedprice{.name = "medprice",
                                        .description = "(high + low) / 2",
                                        .source = "TA-Lib MEDPRICE",
                                        .inputs = kHighLow,
                                        .parameters = {},
                                        .outputs = kValue,
                                        .make = Make<OfOneBar<2, Median>>};

constexpr IndicatorDefinition kTypprice{.name = "typprice",
                                        .description = "(high + low + close) / 3",
                                        .source = "TA-Lib TYPPRICE",
                                        .inputs = kHighLowClose,
                                        .parameters = {},
                                        .outputs = kValue,
                                        .make = Make<OfOneBar<3, Typical>>};

constexpr IndicatorDefinition kWclprice{.name = "wclprice",
                                        .description = "(high + low + 2 close) / 4",
                                        .source = "TA-Lib WCLPRICE",
                                        .inputs = kHighLowClose,
                                        .parameters = {},
                                        .outputs = kValue,
                                        .make = Make<OfOneBar<3, WeightedClose>>};

}  // namespace hone
