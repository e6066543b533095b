// MESA adaptive moving average (Ehlers 2001): its weight follows the rate of change of the cycle's phase.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "features/indicators/definitions.h"
#include "features/indicators/hilbert.h"

namespace hone {
namespace {

constexpr std::string_view kMamaOutputs[] = {"mama", "fama"};
constexpr IndicatorParameter kMamaParameters[] = {{.name = "fast_limit", .low = 0.01, .high = 0.99, .whole = false},
                                                  {.name = "slow_limit", .low = 0.01, .high = 0.99, .whole = false}};

class Mama final : public SteppedIndicator<Mama, 1, 2> {
 public:
  Mama(double fast_limit, double slow_limit) : fast_limit_(fast_limit), slow_limit_(slow_limit) {}
  Row<2> Step(const Row<1>& in) {
    if (bars_ < kWarmup) ++bars_;
    if (!cycle_.Push(in[0])) return NoRow<2>();
    const double i = cycle_.in_phase(), last = phase_;
    phase_ = i == 0 ? 0 : std::atan(cycle_.quadrature() / i) * (180 / std::numbers::pi);
    const double turn = std::max(last - phase_, 1.0);
    const double weight = turn > 1 ? std::max(fast_limit_ / turn, slow_limit_) : fast_limit_;
    mama_ = weight * in[0] + (1 - weight) * mama_;
    fama_ = weight / 2 * mama_ + (1 - weight / 2) * fama_;
    return bars_ < kWarmup ? NoRow<2>() : Row<2>{mama_, fama_};
  }
  int warmup() const override { return kWarmup; }

 private:
  static constexpr int kWarmup = 33;
  DominantCycle cycle_{12};
  double fast_limit_, slow_limit_, phase_ = 0, mama_ = 0, fama_ = 0;
  int bars_ = 0;
};

}  // namespace

constexpr IndicatorDefinition kMama{.name = "mama",
                                    .description =
                                        "exponential mean of weight fast_limit / change of phase in degrees, within "
                                        "the limits, and one of half that weight over it",
                                    .source = "TA-Lib MAMA; Ehlers 2001",
                                    .inputs = kSeries,
                                    .parameters = kMamaParameters,
                                    .outputs = kMamaOutputs,
                                    .make = Make<Mama, double, double>};

}  // namespace hone
