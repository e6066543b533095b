// True strength index (Blau 1991).
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/smoothing.h"

namespace hone {
namespace {

constexpr IndicatorParameter kTsiParameters[] = {{.name = "first"}, {.name = "second"}};

class Tsi {
 public:
  Tsi(int first, int second) : moves_{ExponentialMean(first), ExponentialMean(second)}, sizes_(moves_) {}
  double Push(double value) {
    const double change = change_.Push(value);
    const double move = moves_[1].Push(moves_[0].Push(change)), size = sizes_[1].Push(sizes_[0].Push(std::abs(change)));
    return size == 0 ? 0 : 100 * (move / size);
  }
  int warmup() const { return moves_[0].warmup() + moves_[1].warmup(); }

 private:
  Change change_;
  std::array<ExponentialMean, 2> moves_, sizes_;
};

}  // namespace

constexpr IndicatorDefinition kTsi{
    .name = "tsi",
    .description = "100 ema(ema(change, first), second) / the same of abs(change); 0 without movement",
    .source = "TA-Lib TSI; Blau 1991",
    .inputs = kSeries,
    .parameters = kTsiParameters,
    .outputs = kValue,
    .make = Make<OneSeries<Tsi>, int, int>};

}  // namespace hone
