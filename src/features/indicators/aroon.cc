// Aroon (Chande 1995): how long ago the extremes of the last n + 1 bars were.
#include <functional>

#include "features/indicators/definitions.h"
#include "features/indicators/rolling_extreme.h"

namespace hone {
namespace {

constexpr std::string_view kAroonOutputs[] = {"aroondown", "aroonup"};

class Ages {
 public:
  explicit Ages(int period) : highest_(period + 1), lowest_(period + 1), period_(period) {}
  // Down and up, 100 for an extreme at this bar, 0 for one `period` bars ago.
  Row<2> Push(const Row<2>& in) {
    const double up = highest_.Push(in[0]), down = lowest_.Push(in[1]);
    return {100 * (period_ - down) / period_, 100 * (period_ - up) / period_};
  }
  int warmup() const { return highest_.warmup(); }

 private:
  RollingExtremeAge<std::greater<>> highest_;
  RollingExtremeAge<std::less<>> lowest_;
  double period_;
};

class Aroon final : public SteppedIndicator<Aroon, 2, 2> {
 public:
  explicit Aroon(int period) : ages_(period) {}
  Row<2> Step(const Row<2>& in) { return ages_.Push(in); }
  int warmup() const override { return ages_.warmup(); }

 private:
  Ages ages_;
};

class Aroonosc final : public SteppedIndicator<Aroonosc, 2, 1> {
 public:
  explicit Aroonosc(int period) : ages_(period) {}
  Row<1> Step(const Row<2>& in) {
    const auto [down, up] = ages_.Push(in);
    return {up - down};
  }
  int warmup() const override { return ages_.warmup(); }

 private:
  Ages ages_;
};

}  // namespace

constexpr IndicatorDefinition kAroon{.name = "aroon",
                                     .description =
                                         "100 (period - bars since the extreme) / period, of the lowest low and the "
                                         "highest high of period + 1 bars, the newest of equals",
                                     .source = "TA-Lib AROON; Chande 1995",
                                     .inputs = kHighLow,
                                     .parameters = kPeriodFrom2,
                                     .outputs = kAroonOutputs,
                                     .make = Make<Aroon, int>};

constexpr IndicatorDefinition kAroonosc{.name = "aroonosc",
                                        .description = "aroonup - aroondown",
                                        .source = "TA-Lib AROONOSC; Chande 1995",
                                        .inputs = kHighLow,
                                        .parameters = kPeriodFrom2,
                                        .outputs = kValue,
                                        .make = Make<Aroonosc, int>};

}  // namespace hone
