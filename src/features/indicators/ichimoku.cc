// Ichimoku kinko hyo (Hosoda 1969). Span lines are those drawn at this bar, computed `kijun` bars ago: nothing later
// than the bar is known to them. The lagging line, a close drawn backwards, is left out for that reason.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_extreme.h"

namespace hone {
namespace {

constexpr std::string_view kIchimokuOutputs[] = {"tenkan", "kijun", "senkou_a", "senkou_b"};
constexpr IndicatorParameter kIchimokuParameters[] = {{.name = "tenkan"}, {.name = "kijun"}, {.name = "senkou_b"}};

class Middle {
 public:
  explicit Middle(int period) : highest_(period), lowest_(period) {}
  double Push(double high, double low) { return (highest_.Push(high) + lowest_.Push(low)) / 2; }
  int warmup() const { return highest_.warmup(); }

 private:
  RollingMax highest_;
  RollingMin lowest_;
};

class Ichimoku final : public SteppedIndicator<Ichimoku, 2, 4> {
 public:
  Ichimoku(int tenkan, int kijun, int senkou_b)
      : tenkan_(tenkan), kijun_(kijun), senkou_b_(senkou_b), drawn_a_(kijun), drawn_b_(kijun) {}
  Row<4> Step(const Row<2>& in) {
    const double tenkan = tenkan_.Push(in[0], in[1]), kijun = kijun_.Push(in[0], in[1]);
    const double a = drawn_a_.Push((tenkan + kijun) / 2), b = drawn_b_.Push(senkou_b_.Push(in[0], in[1]));
    return std::isnan(a) || std::isnan(b) ? NoRow<4>() : Row<4>{tenkan, kijun, a, b};
  }
  int warmup() const override {
    return std::max({tenkan_.warmup(), kijun_.warmup(), senkou_b_.warmup()}) + drawn_a_.warmup() - 1;
  }

 private:
  Middle tenkan_, kijun_, senkou_b_;
  Delay drawn_a_, drawn_b_;
};

}  // namespace

constexpr IndicatorDefinition kIchimoku{
    .name = "ichimoku",
    .description =
        "middles of the ranges of `tenkan` and `kijun` bars; the spans drawn at this bar: (tenkan + kijun) / 2 and the "
        "middle of `senkou_b` bars, of `kijun` bars ago",
    .source = "Hosoda 1969; github.com/DaveSkender/Stock.Indicators Ichimoku",
    .inputs = kHighLow,
    .parameters = kIchimokuParameters,
    .outputs = kIchimokuOutputs,
    .make = Make<Ichimoku, int, int, int>};

}  // namespace hone
