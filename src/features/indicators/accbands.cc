// Acceleration bands (Headley 2002).
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

constexpr std::string_view kAccbandsOutputs[] = {"upperband", "middleband", "lowerband"};

class Accbands final : public SteppedIndicator<Accbands, 3, 3> {
 public:
  explicit Accbands(int period) : upper_(period), middle_(period), lower_(period) {}
  Row<3> Step(const Row<3>& in) {
    const double sum = in[0] + in[1], share = sum == 0 ? 0 : 4 * (in[0] - in[1]) / sum;
    return {upper_.Push(in[0] * (1 + share)), middle_.Push(in[2]), lower_.Push(in[1] * (1 - share))};
  }
  int warmup() const override { return middle_.warmup(); }

 private:
  RollingMean upper_, middle_, lower_;
};

}  // namespace

constexpr IndicatorDefinition kAccbands{
    .name = "accbands",
    .description = "means over `period` bars of high (1 + w), close, low (1 - w), w = 4 (high - low) / (high + low)",
    .source = "TA-Lib ACCBANDS; Headley 2002",
    .inputs = kHighLowClose,
    .parameters = kPeriodFrom2,
    .outputs = kAccbandsOutputs,
    .make = Make<Accbands, int>};

}  // namespace hone
