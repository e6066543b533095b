// The area under the ROC curve that is to be expected where only the probabilities of the events are known: each row is
// an event with weight p and none with weight 1 - p.
//
//   area = sum_ij p_i (1 - p_j) k(s_i, s_j) / (sum p  sum (1 - p)),   k = 1 where s_i > s_j, 1/2 where equal
#pragma once

#include <span>
#include <vector>

namespace hone {

struct ExpectedRocArea {
  double area = 0;  // NaN unless both sums are above 0
  // d area / d p_i, so that with the outcomes y known the area moves by about sum (y_i - p_i) slope_i.
  std::vector<double> slope;
};

// `probabilities` within [0, 1]; outcomes 0 and 1 are probabilities too, of which this is the area itself. O(n log n).
ExpectedRocArea ExpectAreaUnderRoc(std::span<const double> scores, std::span<const double> probabilities);

}  // namespace hone
