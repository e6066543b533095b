// In which state of the market was a prediction made? Read from the outcomes that were known by then.
//
// Of each row, the newest `span` outcomes that had matured (the rows from t - horizon - span + 1 to t - horizon):
//
//   volatility   their standard deviation, by thirds of all rows' : calm, normal, volatile
//   trend        their mean less the mean of all outcomes, in standard errors of a mean of `span` rows
//                (sd sqrt(tau / span), sd and autocorrelation time tau of all outcomes): above 1 up, below -1 down,
//                else flat
//
// The thirds and the mean are those of the file as a whole: states are for looking back, never for trading on.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hone {

enum class VolatilityState { kUnknown, kCalm, kNormal, kVolatile };
enum class TrendState { kUnknown, kDown, kFlat, kUp };
const char* VolatilityStateName(VolatilityState state);  // "unknown", "calm", "normal", "volatile"
const char* TrendStateName(TrendState state);            // "unknown", "down", "flat", "up"

struct MarketRegime {
  VolatilityState volatility = VolatilityState::kUnknown;  // unknown: fewer than `span` outcomes had matured
  TrendState trend = TrendState::kUnknown;
};

// By row. `outcomes` in time order, finite; horizon >= 1, span >= 2. O(n span).
std::vector<MarketRegime> MarketRegimes(std::span<const double> outcomes, int horizon, int span);

}  // namespace hone
