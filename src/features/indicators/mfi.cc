// Money flow index (Quong and Soudack 1989).
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Mfi final : public SteppedIndicator<Mfi, 4, 1> {
 public:
  explicit Mfi(int period) : rises_(period), falls_(period) {}
  Row<1> Step(const Row<4>& in) {
    const double price = (in[0] + in[1] + in[2]) / 3, last = last_;
    last_ = price;
    if (std::isnan(last)) return {kNone};
    const double flow = IsRounding(price - last, std::abs(price) + std::abs(last)) ? 0 : price * in[3];
    const double rise = rises_.Push(price > last ? flow : 0), fall = falls_.Push(price < last ? flow : 0);
    return {rise + fall == 0 ? 0 : 100 * (rise / (rise + fall))};
  }
  int warmup() const override { return rises_.warmup() + 1; }

 private:
  RollingSum rises_, falls_;
  double last_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kMfi{.name = "mfi",
                                   .description =
                                       "100 r / (r + f), sums over `period` bars of p x volume where p = (high + low + "
                                       "close) / 3 rises and falls; 0 without either",
                                   .source = "TA-Lib MFI; Quong and Soudack 1989",
                                   .inputs = kHighLowCloseVolume,
                                   .parameters = kPeriodFrom2,
                                   .outputs = kValue,
                                   .make = Make<Mfi, int>};

}  // namespace hone
