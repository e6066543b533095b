// Vertical horizontal filter (White 1991): trend or not.
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_extreme.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

class Vhf {
 public:
  explicit Vhf(int period) : highest_(period), lowest_(period), path_(period) {}
  double Push(double value) {
    const double range = highest_.Push(value) - lowest_.Push(value), path = path_.Push(std::abs(change_.Push(value)));
    return path == 0 ? 0 : range / path;
  }
  int warmup() const { return path_.warmup() + 1; }

 private:
  RollingMax highest_;
  RollingMin lowest_;
  RollingSum path_;
  Change change_;
};

}  // namespace

constexpr IndicatorDefinition kVhf{
    .name = "vhf",
    .description = "(highest - lowest of `period` values) / sum of the last `period` abs(changes); 0 without movement",
    .source = "TA-Lib VHF; White 1991",
    .inputs = kSeries,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<OneSeries<Vhf>, int>};

}  // namespace hone
