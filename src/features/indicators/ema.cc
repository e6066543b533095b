#include "features/indicators/five.h"
#include "features/indicators/moving_averages.h"

namespace hone {
namespace {

class Ema final : public SteppedIndicator<Ema, 1, 1> {
 public:
  explicit Ema(double n) : n_(static_cast<int>(n)), mean_(n_) {}
  std::array<double, 1> Step(const std::array<double, 1>& in) { return {mean_.Update(in[0])}; }
  int warmup() const override { return n_; }

 private:
  int n_;
  ExponentialMean mean_;
};

constexpr std::string_view kInputs[] = {"x"}, kOutputs[] = {"ema"};
constexpr IndicatorParameter kParameters[] = {{.name = "n"}};

}  // namespace

const IndicatorDefinition kEma{
    "ema",    "exponential mean, seeded by the mean of the first n values",
    "TA-Lib", 1,
    kInputs,  kParameters,
    kOutputs, [](std::span<const double> p) -> Result<IndicatorPointer> { return IndicatorPointer(new Ema(p[0])); }};

}  // namespace hone
