// Pearson's correlation of two series, of a series with its past, and beta of returns.
#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"
#include "features/indicators/rolling_moments.h"

namespace hone {
namespace {

constexpr IndicatorParameter kPeriodLag[] = {{.name = "period", .low = 2}, {.name = "lag"}};

class Correl final : public SteppedIndicator<Correl, 2, 1> {
 public:
  explicit Correl(int period) : covariance_(period) {}
  Row<1> Step(const Row<2>& in) { return {covariance_.Push(in[0], in[1]) ? covariance_.sums().correlation() : kNone}; }
  int warmup() const override { return covariance_.size(); }

 private:
  RollingCovariance covariance_;
};

class Autocorrelation {
 public:
  Autocorrelation(int period, int lag) : covariance_(period), past_(lag) {}
  double Push(double value) {
    const double past = past_.Push(value);
    return !std::isnan(past) && covariance_.Push(value, past) ? covariance_.sums().correlation() : kNone;
  }
  int warmup() const { return covariance_.size() + past_.warmup() - 1; }

 private:
  RollingCovariance covariance_;
  Delay past_;
};

class Beta final : public SteppedIndicator<Beta, 2, 1> {
 public:
  explicit Beta(int period) : covariance_(period) {}
  Row<1> Step(const Row<2>& in) {
    const Row<2> last = last_;
    last_ = in;
    if (std::isnan(last[0])) return {kNone};
    const double x = last[0] == 0 ? 0 : (in[0] - last[0]) / last[0], y = last[1] == 0 ? 0 : (in[1] - last[1]) / last[1];
    if (!covariance_.Push(x, y)) return {kNone};
    const RollingCovariance::Sums sums = covariance_.sums();
    return {sums.xx > 0 ? sums.xy / sums.xx : 0};
  }
  int warmup() const override { return covariance_.size() + 1; }

 private:
  RollingCovariance covariance_;
  Row<2> last_ = NoRow<2>();
};

}  // namespace

constexpr IndicatorDefinition kCorrel{
    .name = "correl",
    .description = "Pearson's correlation of the last `period` values; 0 where one does not move",
    .source = "TA-Lib CORREL",
    .inputs = kTwoSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Correl, int>};

constexpr IndicatorDefinition kAutocorrelation{
    .name = "autocorrelation",
    .description =
        "Pearson's correlation of the last `period` values with those `lag` bars before them; 0 without movement",
    .source = "pandas Series.autocorr",
    .inputs = kSeries,
    .parameters = kPeriodLag,
    .outputs = kValue,
    .make = Make<OneSeries<Autocorrelation>, int, int>};

constexpr IndicatorDefinition kBeta{
    .name = "beta",
    .description = "slope of the returns of b on those of a over `period` returns; 0 where a does not move",
    .source = "TA-Lib BETA",
    .inputs = kTwoSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<Beta, int>};

}  // namespace hone
