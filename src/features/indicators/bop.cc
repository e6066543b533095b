// Balance of power (Livshin 2001).
#include "features/indicators/definitions.h"

namespace hone {
namespace {

double BalanceOfPower(const Row<4>& bar) {
  const double range = bar[1] - bar[2];
  return range > 0 ? (bar[3] - bar[0]) / range : 0;
}

}  // namespace

constexpr IndicatorDefinition kBop{.name = "bop",
                                   .description = "(close - open) / (high - low); 0 without range",
                                   .source = "TA-Lib BOP; Livshin 2001",
                                   .inputs = kOpenHighLowClose,
                                   .parameters = {},
                                   .outputs = kValue,
                                   .make = Make<OfOneBar<4, BalanceOfPower>>};

}  // namespace hone
