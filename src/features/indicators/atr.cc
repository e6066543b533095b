// True range and its averages (Wilder 1978).
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"
#include "features/indicators/true_range.h"

namespace hone {
namespace {

class Trange final : public SteppedIndicator<Trange, 3, 1> {
 public:
  Row<1> Step(const Row<3>& in) { return {range_.Push(in[0], in[1], in[2])}; }
  int warmup() const override { return 2; }

 private:
  TrueRange range_;
};

template <bool kPercent>
class Atr final : public SteppedIndicator<Atr<kPercent>, 3, 1> {
 public:
  explicit Atr(int period) : mean_(period), percent_(kPercent && period > 1) {}
  Row<1> Step(const Row<3>& in) {
    const double mean = mean_.Push(range_.Push(in[0], in[1], in[2]));
    if (!percent_) return {mean};
    return {in[2] == 0 && !std::isnan(mean) ? 0 : 100 * (mean / in[2])};
  }
  int warmup() const override { return mean_.warmup() + 1; }

 private:
  TrueRange range_;
  WilderMean mean_;
  bool percent_;
};

}  // namespace

constexpr IndicatorDefinition kTrange{
    .name = "trange",
    .description = "greatest of high - low, abs(last close - high), abs(last close - low)",
    .source = "TA-Lib TRANGE; Wilder 1978",
    .inputs = kHighLowClose,
    .parameters = {},
    .outputs = kValue,
    .make = Make<Trange>};

constexpr IndicatorDefinition kAtr{.name = "atr",
                                   .description = "Wilder's mean of true ranges",
                                   .source = "TA-Lib ATR; Wilder 1978",
                                   .inputs = kHighLowClose,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<Atr<false>, int>};

constexpr IndicatorDefinition kNatr{
    .name = "natr",
    .description = "100 atr / close (the true range itself for period 1); 0 where the close is 0",
    .source = "TA-Lib NATR; Forman 2006",
    .inputs = kHighLowClose,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Atr<true>, int>};

}  // namespace hone
