// What one answer costs by the loss that its objective learns by (objective.h); lower is better. With y the label,
//   regression   (y - answer)^2
//   binary       -ln p(y), p kept within [1e-15, 1 - 1e-15]
//   multiclass   the same; a class that the answer does not have has p = 0
#pragma once

#include <span>
#include <string_view>

#include "learning/objective.h"

namespace hone {

// `answer` not empty, `label` as the objective has it. NaN where a number of the answer is not finite.
double AnswerLoss(Objective objective, double label, std::span<const double> answer);

// "squared error" or "log loss".
std::string_view LossName(Objective objective);

}  // namespace hone
