// Extremes of a window and their middle.
#include "features/indicators/definitions.h"
#include "features/indicators/rolling_extreme.h"

namespace hone {
namespace {

constexpr std::string_view kMaxOutputs[] = {"min", "max"};

class Minmax final : public SteppedIndicator<Minmax, 1, 2> {
 public:
  explicit Minmax(int period) : lowest_(period), highest_(period) {}
  Row<2> Step(const Row<1>& in) { return {lowest_.Push(in[0]), highest_.Push(in[0])}; }
  int warmup() const override { return highest_.warmup(); }

 private:
  RollingMin lowest_;
  RollingMax highest_;
};

class Midprice final : public SteppedIndicator<Midprice, 2, 1> {
 public:
  explicit Midprice(int period) : highest_(period), lowest_(period) {}
  Row<1> Step(const Row<2>& in) { return {(highest_.Push(in[0]) + lowest_.Push(in[1])) / 2}; }
  int warmup() const override { return highest_.warmup(); }

 private:
  RollingMax highest_;
  RollingMin lowest_;
};

class Midpoint {
 public:
  explicit Midpoint(int period) : highest_(period), lowest_(period) {}
  double Push(double value) { return (highest_.Push(value) + lowest_.Push(value)) / 2; }
  int warmup() const { return highest_.warmup(); }

 private:
  RollingMax highest_;
  RollingMin lowest_;
};

}  // namespace

constexpr IndicatorDefinition kMax{.name = "max",
                                   .description = "greatest of the last `period` values",
                                   .source = "TA-Lib MAX",
                                   .inputs = kSeries,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<RollingMax>, int>};

constexpr IndicatorDefinition kMin{.name = "min",
                                   .description = "least of the last `period` values",
                                   .source = "TA-Lib MIN",
                                   .inputs = kSeries,
                                   .parameters = kPeriod,
                                   .outputs = kValue,
                                   .make = Make<OneSeries<RollingMin>, int>};

constexpr IndicatorDefinition kMinmax{.name = "minmax",
                                      .description = "least and greatest of the last `period` values",
                                      .source = "TA-Lib MINMAX",
                                      .inputs = kSeries,
                                      .parameters = kPeriod,
                                      .outputs = kMaxOutputs,
                                      .make = Make<Minmax, int>};

constexpr IndicatorDefinition kMidpoint{.name = "midpoint",
                                        .description = "(greatest + least) / 2 of the last `period` values",
                                        .source = "TA-Lib MIDPOINT",
                                        .inputs = kSeries,
                                        .parameters = kPeriodFrom2,
                                        .outputs = kValue,
                                        .make = Make<OneSeries<Midpoint>, int>};

constexpr IndicatorDefinition kMidprice{.name = "midprice",
                                        .description = "(highest high + lowest low) / 2 of the last `period` bars",
                                        .source = "TA-Lib MIDPRICE",
                                        .inputs = kHighLow,
                                        .parameters = kPeriodFrom2,
                                        .outputs = kValue,
                                        .make = Make<Midprice, int>};

}  // namespace hone
