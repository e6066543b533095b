// Ulcer index (Martin 1987): depth and length of falls below the highest value before within the window.
#include <algorithm>
#include <cmath>

#include "features/indicators/definitions.h"
#include "features/window.h"

namespace hone {
namespace {

class Ulcer {
 public:
  explicit Ulcer(int period) : window_(period) {}
  double Push(double value) {
    window_.Push(value);
    if (!window_.full()) return kNone;
    double highest = window_.oldest(), squares = 0;
    for (const double each : window_.values()) {
      highest = std::max(highest, each);
      const double fall = highest == 0 ? 0 : 100 * (each - highest) / highest;
      squares += fall * fall;
    }
    return std::sqrt(squares / static_cast<double>(window_.size()));
  }
  int warmup() const { return static_cast<int>(window_.size()); }

 private:
  Window window_;
};

}  // namespace

constexpr IndicatorDefinition kUlcer{
    .name = "ulcer",
    .description =
        "root mean square over `period` bars of the fall in percent below the highest value before it in the window; "
        "O(period) per bar",
    .source = "Martin and McCann 1989; github.com/DaveSkender/Stock.Indicators UlcerIndex",
    .inputs = kSeries,
    .parameters = kPeriod,
    .outputs = kValue,
    .make = Make<OneSeries<Ulcer>, int>};

}  // namespace hone
