// Momentum and rates of change.
#include "features/indicators/definitions.h"
#include "features/indicators/delay.h"

namespace hone {
namespace {

template <auto kFormula>
class OverBars {
 public:
  explicit OverBars(int period) : past_(period) {}
  double Push(double value) { return kFormula(value, past_.Push(value)); }
  int warmup() const { return past_.warmup(); }

 private:
  Delay past_;
};

double Mom(double now, double past) { return now - past; }
double Roc(double now, double past) { return past == 0 ? 0 : (now / past - 1) * 100; }
double Rocp(double now, double past) { return past == 0 ? 0 : (now - past) / past; }
double Rocr(double now, double past) { return past == 0 ? 0 : now / past; }
double Rocr100(double now, double past) { return Rocr(now, past) * 100; }

}  // namespace

constexpr IndicatorDefinition kMom{.name = "mom",
                                   .description = "change over `period` bars",
                                   .source = "TA-Lib MOM",
                                   .inputs = kSeries,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<OverBars<Mom>>, int>};

constexpr IndicatorDefinition kRoc{
    .name = "roc",
    .description = "change over `period` bars in percent of the older value; 0 where that is 0",
    .source = "TA-Lib ROC",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<OverBars<Roc>>, int>};

constexpr IndicatorDefinition kRocp{.name = "rocp",
                                    .description = "change over `period` bars / older value; 0 where that is 0",
                                    .source = "TA-Lib ROCP",
                                    .inputs = kSeries,
                                    .parameters = kPeriod,
                                    .outputs = kValue,
                                    .make = Make<OneSeries<OverBars<Rocp>>, int>};

constexpr IndicatorDefinition kRocr{.name = "rocr",
                                    .description = "value / value of `period` bars ago; 0 where that is 0",
                                    .source = "TA-Lib ROCR",
                                    .inputs = kSeries,
                                    .parameters = kPeriod,
                                    .outputs = kValue,
                                    .make = Make<OneSeries<OverBars<Rocr>>, int>};

constexpr IndicatorDefinition kRocr100{.name = "rocr100",
                                       .description = "100 value / value of `period` bars ago; 0 where that is 0",
                                       .source = "TA-Lib ROCR100",
                                       .inputs = kSeries,
                                       .parameters = kPeriod,
                                       .outputs = kValue,
                                       .make = Make<OneSeries<OverBars<Rocr100>>, int>};

}  // namespace hone
