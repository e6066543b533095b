#include <cmath>

#include "features/indicators/five.h"
#include "features/window.h"

namespace hone {
namespace {

class Zscore final : public SteppedIndicator<Zscore, 1, 1> {
 public:
  explicit Zscore(double n) : window_(static_cast<int>(n)) {}
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    window_.Push(in[0]);
    if (!window_.full()) return {std::numeric_limits<double>::quiet_NaN()};
    const double mean = Mean(window_.values());
    double squares = 0;
    for (const double value : window_.values()) squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(window_.size() - 1));
    return {deviation > 0 ? (in[0] - mean) / deviation : 0};
  }
  int warmup() const override { return static_cast<int>(window_.size()); }

 private:
  Window window_;
};

constexpr std::string_view kInputs[] = {"x"}, kOutputs[] = {"zscore"};
constexpr IndicatorParameter kParameters[] = {{.name = "n", .low = 2}};

}  // namespace

const IndicatorDefinition kZscore{
    "zscore", "(x - mean) / sample standard deviation of the last n values",
    "",       1,
    kInputs,  kParameters,
    kOutputs, [](std::span<const double> p) -> Result<IndicatorPointer> { return IndicatorPointer(new Zscore(p[0])); }};

}  // namespace hone
