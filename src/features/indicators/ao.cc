// Awesome oscillator and its acceleration (Williams 1998).
#include <algorithm>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

constexpr IndicatorParameter kAoParameters[] = {{.name = "fast"}, {.name = "slow"}, {.name = "signal"}};

class Awesome {
 public:
  Awesome(int fast, int slow) : fast_(fast), slow_(slow) {}
  double Push(const Row<2>& bar) {
    const double middle = (bar[0] + bar[1]) / 2;
    return fast_.Push(middle) - slow_.Push(middle);
  }
  int warmup() const { return std::max(fast_.warmup(), slow_.warmup()); }

 private:
  RollingMean fast_, slow_;
};

class Ao final : public SteppedIndicator<Ao, 2, 1> {
 public:
  Ao(int fast, int slow) : awesome_(fast, slow) {}
  Row<1> Step(const Row<2>& in) { return {awesome_.Push(in)}; }
  int warmup() const override { return awesome_.warmup(); }

 private:
  Awesome awesome_;
};

class Ac final : public SteppedIndicator<Ac, 2, 1> {
 public:
  Ac(int fast, int slow, int signal) : awesome_(fast, slow), mean_(signal) {}
  Row<1> Step(const Row<2>& in) {
    const double awesome = awesome_.Push(in);
    return {awesome - mean_.Push(awesome)};
  }
  int warmup() const override { return awesome_.warmup() + mean_.warmup() - 1; }

 private:
  Awesome awesome_;
  RollingMean mean_;
};

}  // namespace

constexpr IndicatorDefinition kAo{.name = "ao",
                                  .description = "sma(p, fast) - sma(p, slow), p = (high + low) / 2",
                                  .source = "TA-Lib AO; Williams 1998",
                                  .inputs = kHighLow,
                                  .parameters = kFastSlow,
                                  .outputs = kValue,
                                  .make = Make<Ao, int, int>};

constexpr IndicatorDefinition kAc{.name = "ac",
                                  .description = "ao(fast, slow) - its mean over `signal` bars",
                                  .source = "TA-Lib AC; Williams 1998",
                                  .inputs = kHighLow,
                                  .parameters = kAoParameters,
                                  .outputs = kValue,
                                  .make = Make<Ac, int, int, int>};

}  // namespace hone
