// Relative strength index (Wilder 1978) and Chande's momentum oscillator with Wilder's smoothing.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

class Rsi {
 public:
  explicit Rsi(int period) : moves_(period) {}
  double Push(double value) {
    if (!moves_.Push(value)) return kNone;
    const double all = moves_.rise + moves_.fall;
    return all == 0 ? 0 : 100 * (moves_.rise / all);
  }
  int warmup() const { return moves_.warmup(); }

 private:
  RisesAndFalls moves_;
};

class Cmo {
 public:
  explicit Cmo(int period) : moves_(period) {}
  double Push(double value) {
    if (!moves_.Push(value)) return kNone;
    const double all = moves_.rise + moves_.fall;
    return all == 0 ? 0 : 100 * ((moves_.rise - moves_.fall) / all);
  }
  int warmup() const { return moves_.warmup(); }

 private:
  RisesAndFalls moves_;
};

}  // namespace

constexpr IndicatorDefinition kRsi{
    .name = "rsi",
    .description = "100 rise / (rise + fall) of Wilder's means of rises and falls; 0 without movement",
    .source = "TA-Lib RSI; Wilder 1978",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Rsi>, int>};

constexpr IndicatorDefinition kCmo{
    .name = "cmo",
    .description = "100 (rise - fall) / (rise + fall) of Wilder's means of rises and falls; 0 without movement",
    .source = "TA-Lib CMO; Chande and Kroll 1994",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Cmo>, int>};

}  // namespace hone
