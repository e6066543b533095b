// Stochastic of the relative strength index (Chande and Kroll 1994).
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/smoothing.h"
#include "features/indicators/stochastic.h"

namespace hone {
namespace {

constexpr std::string_view kStochrsiOutputs[] = {"fastk", "fastd"};
constexpr IndicatorParameter kStochrsiParameters[] = {
    {.name = "period", .low = 2}, {.name = "fastk"}, {.name = "fastd"}};

class Stochrsi final : public SteppedIndicator<Stochrsi, 1, 2> {
 public:
  Stochrsi(int period, int fastk, int fastd) : moves_(period), fast_(fastk), mean_(fastd) {}
  Row<2> Step(const Row<1>& in) {
    if (!moves_.Push(in[0])) return NoRow<2>();
    const double all = moves_.rise + moves_.fall, rsi = all == 0 ? 0 : 100 * (moves_.rise / all);
    const double fast = fast_.Push(rsi, rsi, rsi);
    return OnceKnown<2>({fast, mean_.Push(fast)});
  }
  int warmup() const override { return moves_.warmup() + fast_.warmup() + mean_.warmup() - 2; }

 private:
  RisesAndFalls moves_;
  Stochastic fast_;
  RollingMean mean_;
};

}  // namespace

constexpr IndicatorDefinition kStochrsi{
    .name = "stochrsi",
    .description = "place of rsi(period) in its range of `fastk` bars, percent, and its mean over `fastd` bars",
    .source = "TA-Lib STOCHRSI; Chande and Kroll 1994",
    .inputs = kSeries,
    .parameters = kStochrsiParameters,
    .outputs = kStochrsiOutputs,
    .make = Make<Stochrsi, int, int, int>};

}  // namespace hone
