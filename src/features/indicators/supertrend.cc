// Supertrend (Seban): a band of average true ranges that only follows the trend, and the trend's direction.
#include "features/indicators/definitions.h"
#include "features/indicators/smoothing.h"
#include "features/indicators/true_range.h"

namespace hone {
namespace {

constexpr std::string_view kSupertrendOutputs[] = {"supertrend", "direction"};
constexpr IndicatorParameter kSupertrendParameters[] = {{.name = "period", .low = 2},
                                                        {.name = "width", .low = 0, .high = 1000, .whole = false}};

class Supertrend final : public SteppedIndicator<Supertrend, 3, 2> {
 public:
  Supertrend(int period, double width) : range_(period), width_(width) {}
  Row<2> Step(const Row<3>& in) {
    const double half = width_ * range_.Push(true_range_.Push(in[0], in[1], in[2]));
    if (std::isnan(half)) return NoRow<2>();
    const double middle = (in[0] + in[1]) / 2, close = in[2];
    if (!(middle + half >= upper_) || last_close_ > upper_) upper_ = middle + half;
    if (!(middle - half <= lower_) || last_close_ < lower_) lower_ = middle - half;
    up_ = up_ ? !(close < lower_) : close > upper_;
    last_close_ = close;
    return {up_ ? lower_ : upper_, up_ ? 1.0 : -1.0};
  }
  int warmup() const override { return range_.warmup() + 1; }

 private:
  TrueRange true_range_;
  WilderMean range_;
  double width_, upper_ = kNone, lower_ = kNone, last_close_ = 0;
  bool up_ = true;
};

}  // namespace

constexpr IndicatorDefinition kSupertrend{.name = "supertrend",
                                          .description =
                                              "(high + low) / 2 -/+ width atr(period), moved only with the trend; "
                                              "direction 1 up (at first), -1 down after a close beyond it",
                                          .source = "TA-Lib SUPERTREND; Seban",
                                          .inputs = kHighLowClose,
                                          .parameters = kSupertrendParameters,
                                          .outputs = kSupertrendOutputs,
                                          .make = Make<Supertrend, int, double>};

}  // namespace hone
