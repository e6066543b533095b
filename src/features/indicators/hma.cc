// Hull moving average (Hull 2005).
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

class Hma {
 public:
  explicit Hma(int period)
      : half_(std::max(1, period / 2)), whole_(period), last_(std::max(1, static_cast<int>(std::sqrt(period)))) {}
  double Push(double value) { return last_.Push(2 * half_.Push(value) - whole_.Push(value)); }
  int warmup() const { return whole_.warmup() + last_.warmup() - 1; }

 private:
  WeightedMean half_, whole_, last_;
};

}  // namespace

constexpr IndicatorDefinition kHma{
    .name = "hma",
    .description = "wma(2 wma(series, period / 2) - wma(series, period), root of period), each period rounded down",
    .source = "TA-Lib HMA; Hull 2005",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<Hma>, int>};

}  // namespace hone
