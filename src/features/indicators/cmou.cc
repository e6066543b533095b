// Chande's momentum oscillator as he published it: plain sums, no smoothing.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Cmou {
 public:
  explicit Cmou(int period) : rises_(period), falls_(period) {}
  double Push(double value) {
    const double move = change_.Push(value);
    if (std::isnan(move)) return kNone;
    const double rise = rises_.Push(std::max(move, 0.0)), fall = falls_.Push(std::max(-move, 0.0));
    return rise + fall == 0 ? 0 : 100 * (rise - fall) / (rise + fall);
  }
  int warmup() const { return rises_.warmup() + 1; }

 private:
  Change change_;
  RollingSum rises_, falls_;
};

}  // namespace

constexpr IndicatorDefinition kCmou{
    .name = "cmou",
    .description = "100 (rises - falls) / (rises + falls), sums over `period` changes; 0 without movement",
    .source = "TA-Lib CMOU; Chande and Kroll 1994",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Cmou>, int>};

}  // namespace hone
