// Volatility of one bar from its open, high, low and close: Parkinson (1980), Garman and Klass (1980), Rogers and
// Satchell (1991), Yang and Zhang (2000). Standard deviation of the log return of one bar. Prices above 0.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_moments.h"
#include "features/indicators/rolling_sum.h"

namespace hone {
namespace {

double Square(double value) { return value * value; }

double ParkinsonTerm(const Row<2>& bar) { return Square(std::log(bar[0] / bar[1])) / (4 * std::numbers::ln2); }

// Of open, high, low, close.
double GarmanKlassTerm(const Row<4>& bar) {
  return Square(std::log(bar[1] / bar[2])) / 2 - (2 * std::numbers::ln2 - 1) * Square(std::log(bar[3] / bar[0]));
}

double RogersSatchellTerm(const Row<4>& bar) {
  return std::log(bar[1] / bar[3]) * std::log(bar[1] / bar[0]) + std::log(bar[2] / bar[3]) * std::log(bar[2] / bar[0]);
}

template <std::size_t kInputs, auto kTerm>
class MeanTerm final : public SteppedIndicator<MeanTerm<kInputs, kTerm>, kInputs, 1> {
 public:
  explicit MeanTerm(int period) : mean_(period) {}
  Row<1> Step(const Row<kInputs>& in) {
    const double variance = mean_.Push(kTerm(in));
    return {variance < 0 ? 0 : std::sqrt(variance)};
  }
  int warmup() const override { return mean_.warmup(); }

 private:
  RollingMean mean_;
};

class YangZhang final : public SteppedIndicator<YangZhang, 4, 1> {
 public:
  explicit YangZhang(int period)
      : overnight_(period),
        inside_(period),
        satchell_(period),
        sample_(period / (period - 1.0)),
        share_(0.34 / (1.34 + (period + 1.0) / (period - 1.0))) {}
  Row<1> Step(const Row<4>& in) {
    const double night = std::log(in[0] / last_close_), day = std::log(in[3] / in[0]), term = RogersSatchellTerm(in);
    last_close_ = in[3];
    if (std::isnan(night) || std::isnan(day) || std::isnan(term)) return {kNone};
    const double satchell = satchell_.Push(term);
    inside_.Push(day);
    if (!overnight_.Push(night)) return {kNone};
    const double variance = sample_ * (overnight_.variance() + share_ * inside_.variance()) + (1 - share_) * satchell;
    return {std::sqrt(std::max(variance, 0.0))};
  }
  int warmup() const override { return overnight_.size() + 1; }

 private:
  RollingMoments<2> overnight_, inside_;
  RollingMean satchell_;
  double sample_, share_, last_close_ = kNone;
};

}  // namespace

constexpr IndicatorDefinition kParkinson{
    .name = "parkinson",
    .description = "root of the mean over `period` bars of ln(high / low)^2 / (4 ln 2): volatility of one bar",
    .source = "Parkinson 1980",
    .inputs = kHighLow,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<MeanTerm<2, ParkinsonTerm>, int>};

constexpr IndicatorDefinition kGarmanKlass{.name = "garman_klass",
                                           .description =
                                               "root of the mean over `period` bars of ln(high / low)^2 / 2 - (2 ln 2 "
                                               "- 1) ln(close / open)^2; 0 where that is below 0",
                                           .source = "Garman and Klass 1980",
                                           .inputs = kOpenHighLowClose,
                                           .parameters = kPeriod,
                                           .outputs = kValue,
                                           .make = Make<MeanTerm<4, GarmanKlassTerm>, int>};

constexpr IndicatorDefinition kRogersSatchell{
    .name = "rogers_satchell",
    .description = "root of the mean over `period` bars of ln(h / c) ln(h / o) + ln(l / c) ln(l / o)",
    .source = "Rogers and Satchell 1991",
    .inputs = kOpenHighLowClose,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<MeanTerm<4, RogersSatchellTerm>, int>};

constexpr IndicatorDefinition kYangZhang{
    .name = "yang_zhang",
    .description =
        "root of var(ln(open / last close)) + k var(ln(close / open)) + (1 - k) rogers_satchell^2, sample variances, k "
        "= 0.34 / (1.34 + (n + 1) / (n - 1))",
    .source = "Yang and Zhang 2000",
    .inputs = kOpenHighLowClose,
    .parameters = kPeriodFrom2,
    .outputs = kValue,
    .make = Make<YangZhang, int>};

}  // namespace hone
