#include "features/indicators/five.h"
#include "features/window.h"

namespace hone {
namespace {

class SimpleMean final : public SteppedIndicator<SimpleMean, 1, 1> {
 public:
  explicit SimpleMean(double n) : window_(static_cast<int>(n)) {}
  std::array<double, 1> Step(const std::array<double, 1>& in) {
    sum_ += in[0] - (window_.full() ? window_.oldest() : 0);
    window_.Push(in[0]);
    if (++since_ >= window_.size() && window_.full()) {  // so that rounding does not add up
      sum_ = Sum(window_.values());
      since_ = 0;
    }
    return {window_.full() ? sum_ / static_cast<double>(window_.size()) : std::numeric_limits<double>::quiet_NaN()};
  }
  int warmup() const override { return static_cast<int>(window_.size()); }

 private:
  Window window_;
  double sum_ = 0;
  std::size_t since_ = 0;
};

constexpr std::string_view kInputs[] = {"x"}, kOutputs[] = {"sma"};
constexpr IndicatorParameter kParameters[] = {{.name = "n"}};

}  // namespace

const IndicatorDefinition kSma{"sma",
                               "mean of the last n values",
                               "TA-Lib",
                               1,
                               kInputs,
                               kParameters,
                               kOutputs,
                               [](std::span<const double> p) -> Result<IndicatorPointer> { return IndicatorPointer(new SimpleMean(p[0])); }};

}  // namespace hone
