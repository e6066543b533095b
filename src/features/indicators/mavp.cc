// Simple moving average whose period is a series.
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/window.h"

namespace hone {
namespace {

constexpr std::string_view kInputs[] = {"series", "periods"};
constexpr IndicatorParameter kMavpParameters[] = {{.name = "least", .low = 2}, {.name = "most", .low = 2}};

class Mavp final : public SteppedIndicator<Mavp, 2, 1> {
 public:
  Mavp(int least, int most) : least_(least), most_(most), window_(most) {}
  Row<1> Step(const Row<2>& in) {
    window_.Push(in[0]);
    if (!window_.full()) return {kNone};
    const auto period = static_cast<std::size_t>(std::clamp(in[1], least_, most_));
    return {Mean(window_.values().last(period))};
  }
  int warmup() const override { return static_cast<int>(window_.size()); }

 private:
  double least_, most_;
  Window window_;
};

Result<IndicatorPointer> MakeMavp(std::span<const double> parameters) {
  if (parameters[0] > parameters[1]) {
    return Error{ErrorCode::kInvalidArgument, "mavp: `least` is above `most`", "", 0, "least"};
  }
  return Make<Mavp, int, int>(parameters);
}

}  // namespace

constexpr IndicatorDefinition kMavp{
    .name = "mavp",
    .description = "mean of the last `periods` values, whole and kept within `least` and `most`; O(periods) per bar",
    .source = "TA-Lib MAVP",
    .inputs = kInputs,
    .parameters = kMavpParameters,
    .outputs = kValue,
    .make = MakeMavp};

}  // namespace hone
