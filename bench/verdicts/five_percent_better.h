// "More than 5 % better on the first 100 predictions": the rule of thumb of retraining scripts. One look; promoted
// where the challenger's mean loss is below 95 % of the champion's on the same rows.
#pragma once

#include "trial.h"

namespace hone::verdicts {

class FivePercentBetter {
 public:
  Call Add(double champion, double challenger) {
    champion_ += champion;
    challenger_ += challenger;
    if (++rows_ < 100) return Call::kGoOn;
    return challenger_ < 0.95 * champion_ ? Call::kPromote : Call::kRefuse;
  }

 private:
  double champion_ = 0, challenger_ = 0;
  int rows_ = 0;
};

}  // namespace hone::verdicts
