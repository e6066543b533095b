// Williams' %R (1973).
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_extreme.h"

namespace hone {
namespace {

class Willr final : public SteppedIndicator<Willr, 3, 1> {
 public:
  explicit Willr(int period) : highest_(period), lowest_(period) {}
  Row<1> Step(const Row<3>& in) {
    const double highest = highest_.Push(in[0]), lowest = lowest_.Push(in[1]);
    const double range = highest - lowest;
    return {IsRounding(range, std::abs(highest) + std::abs(lowest)) ? 0 : -100 * ((highest - in[2]) / range)};
  }
  int warmup() const override { return highest_.warmup(); }

 private:
  RollingMax highest_;
  RollingMin lowest_;
};

}  // namespace

constexpr IndicatorDefinition kWillr{
    .name = "willr",
    .description = "-100 (highest high - close) / (highest high - lowest low) over `period` bars; 0 without range",
    .source = "TA-Lib WILLR; Williams 1973",
    .inputs = kHighLowClose,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<Willr, int>};

}  // namespace hone
