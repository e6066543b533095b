// The area under the ROC curve by placements, which a standard error can be taken from.
#pragma once

#include <span>
#include <vector>

namespace hone {

// Of each score: the share of `others` below it, equal ones counting half. The mean over the scores of positives among
// negatives is the area under the ROC curve, P(positive > negative) + P(equal) / 2; its variance is that of the mean of
// the positives' placements plus that of the negatives' (DeLong, DeLong and Clarke-Pearson 1988). No NaN; `others` not
// empty. O((n + m) log m).
std::vector<double> Placements(std::span<const double> scores, std::span<const double> others);

// 0.5 where either is empty.
double AreaUnderRocCurve(std::span<const double> negatives, std::span<const double> positives);

}  // namespace hone
