// Heikin-ashi bars (Valcu 2004).
#include <algorithm>

#include "features/indicators/definitions.h"

namespace hone {
namespace {

constexpr std::string_view kHaOutputs[] = {"haopen", "hahigh", "halow", "haclose"};

class Ha final : public SteppedIndicator<Ha, 4, 4> {
 public:
  Row<4> Step(const Row<4>& in) {
    open_ = std::isnan(open_) ? (in[0] + in[3]) / 2 : (open_ + close_) / 2;
    close_ = (in[0] + in[1] + in[2] + in[3]) / 4;
    return {open_, std::max({in[1], open_, close_}), std::min({in[2], open_, close_}), close_};
  }
  int warmup() const override { return 1; }

 private:
  double open_ = kNone, close_ = 0;
};

}  // namespace

constexpr IndicatorDefinition kHa{.name = "ha",
                                  .description =
                                      "heikin-ashi bar: close the mean of the four prices, open the middle of the last "
                                      "such body, high and low the extremes with both",
                                  .source = "TA-Lib HA; Valcu 2004",
                                  .inputs = kOpenHighLowClose,
                                  .parameters = {},
                                  .outputs = kHaOutputs,
                                  .make = Make<Ha>};

}  // namespace hone
