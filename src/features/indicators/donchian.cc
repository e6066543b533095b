// Donchian channel: the extremes of a window and their middle.
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_extreme.h"

namespace hone {
namespace {

class Donchian final : public SteppedIndicator<Donchian, 2, 3> {
 public:
  explicit Donchian(int period) : highest_(period), lowest_(period) {}
  Row<3> Step(const Row<2>& in) {
    const double upper = highest_.Push(in[0]), lower = lowest_.Push(in[1]);
    return {upper, (upper + lower) / 2, lower};
  }
  int warmup() const override { return highest_.warmup(); }

 private:
  RollingMax highest_;
  RollingMin lowest_;
};

}  // namespace

constexpr IndicatorDefinition kDonchian{
    .name = "donchian",
    .description = "highest high, middle, lowest low of the last `period` bars, this one included",
    .source = "TA-Lib DONCHIAN",
    .inputs = kHighLow,
    .parameters = kPeriodFrom2,
    .outputs = kBands,
    .make = Make<Donchian, int>};

}  // namespace hone
