// Vortex indicator (Botes and Siepman 2010).
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/true_range.h"

namespace hone {
namespace {

constexpr std::string_view kVortexOutputs[] = {"plusvi", "minusvi"};

class Vortex final : public SteppedIndicator<Vortex, 3, 2> {
 public:
  explicit Vortex(int period) : plus_(period), minus_(period), range_(period) {}
  Row<2> Step(const Row<3>& in) {
    const double plus = plus_.Push(std::abs(in[0] - last_low_)), minus = minus_.Push(std::abs(in[1] - last_high_));
    const double range = range_.Push(true_range_.Push(in[0], in[1], in[2]));
    last_high_ = in[0];
    last_low_ = in[1];
    return range == 0 ? Row<2>{0, 0} : Row<2>{plus / range, minus / range};
  }
  int warmup() const override { return range_.warmup() + 1; }

 private:
  RollingSum plus_, minus_, range_;
  TrueRange true_range_;
  double last_high_ = kNone, last_low_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kVortex{
    .name = "vortex",
    .description =
        "sums over `period` bars of abs(high - last low) and of abs(low - last high), each "
        "/ sum of true ranges; 0 without range",
    .source = "TA-Lib VORTEX; Botes and Siepman 2010",
    .inputs = kHighLowClose,
    .parameters = kPeriod,
    .outputs = kVortexOutputs,
    .make = Make<Vortex, int>};

}  // namespace hone
