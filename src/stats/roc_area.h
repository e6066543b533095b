// The area under the ROC curve: the chance that a row where the event happened was scored above one where it did not,
// ties counting half; its variance by DeLong, DeLong and Clarke-Pearson (1988), from placements (area_under_curve.h).
#pragma once

#include <span>
#include <vector>

#include "stats/interval.h"

namespace hone {

struct RocArea {
  double area = 0;      // NaN unless there are rows of both kinds
  double variance = 0;  // DeLong's, for independent rows; NaN for fewer than two of a kind
  // By row, in the order given: what the row adds to the area's error; its mean is 0 and its variance / n about
  // `variance`, so that its autocorrelation is the dependence of the area.
  std::vector<double> influence;
};

// `outcomes` are 0 or 1. O(n log n).
RocArea AreaUnderRoc(std::span<const double> scores, std::span<const double> outcomes);

// An interval for the area of coverage `level`, normal on the scale of its logit, the variance taken `tau` >= 1 times
// (dependent rows: the autocorrelation time of `influence`). [0, 1] where the area is 0, 1 or its variance unknown.
Interval RocAreaInterval(const RocArea& roc, double tau, double level);

}  // namespace hone
