// Stochastic oscillators (Lane 1984).
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_sum.h"
#include "features/indicators/smoothing.h"
#include "features/indicators/stochastic.h"

namespace hone {
namespace {

constexpr std::string_view kSlow[] = {"slowk", "slowd"}, kFast[] = {"fastk", "fastd"}, kKdj[] = {"k", "d", "j"};
constexpr IndicatorParameter kFastPeriods[] = {{.name = "fastk"}, {.name = "fastd"}};
constexpr IndicatorParameter kSlowPeriods[] = {{.name = "fastk"}, {.name = "slowk"}, {.name = "slowd"}};

class Stochf final : public SteppedIndicator<Stochf, 3, 2> {
 public:
  Stochf(int fastk, int fastd) : fast_(fastk), mean_(fastd) {}
  Row<2> Step(const Row<3>& in) {
    const double fast = fast_.Push(in[0], in[1], in[2]);
    return OnceKnown<2>({fast, mean_.Push(fast)});
  }
  int warmup() const override { return fast_.warmup() + mean_.warmup() - 1; }

 private:
  Stochastic fast_;
  RollingMean mean_;
};

template <typename Mean>
class SlowLines {
 public:
  SlowLines(int fastk, int slowk, int slowd) : fast_(fastk), k_(slowk), d_(slowd) {}
  Row<2> Push(const Row<3>& in) {
    const double k = k_.Push(fast_.Push(in[0], in[1], in[2]));
    return {k, d_.Push(k)};
  }
  int warmup() const { return fast_.warmup() + k_.warmup() + d_.warmup() - 2; }

 private:
  Stochastic fast_;
  Mean k_, d_;
};

class Stoch final : public SteppedIndicator<Stoch, 3, 2> {
 public:
  Stoch(int fastk, int slowk, int slowd) : lines_(fastk, slowk, slowd) {}
  Row<2> Step(const Row<3>& in) { return OnceKnown(lines_.Push(in)); }
  int warmup() const override { return lines_.warmup(); }

 private:
  SlowLines<RollingMean> lines_;
};

class Kdj final : public SteppedIndicator<Kdj, 3, 3> {
 public:
  Kdj(int fastk, int slowk, int slowd) : lines_(fastk, slowk, slowd) {}
  Row<3> Step(const Row<3>& in) {
    const auto [k, d] = lines_.Push(in);
    return OnceKnown<3>({k, d, 3 * k - 2 * d});
  }
  int warmup() const override { return lines_.warmup(); }

 private:
  SlowLines<WilderMean> lines_;
};

}  // namespace

constexpr IndicatorDefinition kStochf{
    .name = "stochf",
    .description =
        "place of the close in the range of `fastk` bars, percent (0 without range), and its mean over `fastd` bars",
    .source = "TA-Lib STOCHF; Lane 1984",
    .inputs = kHighLowClose,
    .parameters = kFastPeriods,
    .outputs = kFast,
    .make = Make<Stochf, int, int>};

constexpr IndicatorDefinition kStoch{.name = "stoch",
                                     .description =
                                         "mean over `slowk` bars of the place of the close in the range of `fastk` "
                                         "bars, percent (0 without range), and its mean over `slowd` bars",
                                     .source = "TA-Lib STOCH; Lane 1984",
                                     .inputs = kHighLowClose,
                                     .parameters = kSlowPeriods,
                                     .outputs = kSlow,
                                     .make = Make<Stoch, int, int, int>};

constexpr IndicatorDefinition kKdjLines{
    .name = "kdj",
    .description = "stoch with Wilder's smoothing in place of plain means, and j = 3 k - 2 d",
    .source = "TA-Lib KDJ",
    .inputs = kHighLowClose,
    .parameters = kSlowPeriods,
    .outputs = kKdj,
    .make = Make<Kdj, int, int, int>};

}  // namespace hone
