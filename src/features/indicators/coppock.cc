// Coppock curve (1962).
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr IndicatorParameter kCoppockParameters[] = {{.name = "smoothing"}, {.name = "first"}, {.name = "second"}};

class Coppock {
 public:
  Coppock(int smoothing, int first, int second) : mean_(smoothing), pasts_{Delay(first), Delay(second)} {}
  double Push(double value) {
    double sum = 0;
    for (Delay& delay : pasts_) {
      const double past = delay.Push(value);
      sum += past == 0 ? 0 : (value / past - 1) * 100;
    }
    return mean_.Push(sum);
  }
  int warmup() const { return std::max(pasts_[0].warmup(), pasts_[1].warmup()) + mean_.warmup() - 1; }

 private:
  WeightedMean mean_;
  std::array<Delay, 2> pasts_;
};

}  // namespace

constexpr IndicatorDefinition kCoppock{
    .name = "coppock",
    .description = "wma over `smoothing` bars of the sum of two rates of change in percent",
    .source = "TA-Lib COPPOCK; Coppock 1962",
    .inputs = kSeries,
    .parameters = kCoppockParameters,
    .outputs = kValue,
    .make = Make<OneSeries<Coppock>, int, int, int>};

}  // namespace hone
