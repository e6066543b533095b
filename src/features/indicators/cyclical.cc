// A number that comes round again, an hour of the day say, as a point on a circle: its end lies next to its beginning.
#include <cmath>
#include <numbers>

#include "features/indicators/definitions.h"

namespace hone {
namespace {

constexpr std::string_view kCyclicalOutputs[] = {"sin", "cos"};
constexpr IndicatorParameter kCyclicalParameters[] = {{.name = "cycle", .low = 1e-9, .high = 1e9, .whole = false}};

class Cyclical final : public SteppedIndicator<Cyclical, 1, 2> {
 public:
  explicit Cyclical(double cycle) : cycle_(cycle) {}
  Row<2> Step(const Row<1>& in) {
    const double angle = 2 * std::numbers::pi * (std::fmod(in[0], cycle_) / cycle_);
    return {std::sin(angle), std::cos(angle)};
  }
  int warmup() const override { return 1; }

 private:
  double cycle_;
};

}  // namespace

constexpr IndicatorDefinition kCyclical{
    .name = "cyclical",
    .description = "sine and cosine of 2 pi value / cycle: of hours, cycle 24 for the time of day and 168 for the week",
    .source = "definition",
    .inputs = kSeries,
    .parameters = kCyclicalParameters,
    .outputs = kCyclicalOutputs,
    .make = Make<Cyclical, double>};

}  // namespace hone
