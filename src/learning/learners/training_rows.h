// What every learner asks of its rows.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "features/dataset.h"
#include "learning/objective.h"

namespace hone {

// Fewest rows a learner fits on.
inline constexpr std::size_t kMinTrainingRows = 30;

// At least kMinTrainingRows rows and one column, labels finite, features finite or NaN. kInvalidData names the row and
// the column; `learner` is the error's source.
Status CheckTrainingRows(const std::string& learner, const Dataset& data);

// Most classes of a model.
inline constexpr std::size_t kMaxClasses = 100;

// The labels that the objective asks for (objective.h). Gives the number of classes, 1 for regression and binary:
// `given` where it is not 0, else the greatest label + 1; 2 to kMaxClasses. kInvalidData names the first row at fault,
// kInvalidArgument a number of classes.
Result<std::size_t> CheckLabels(const std::string& learner, Objective objective, const Dataset& data,
                                std::size_t given);

}  // namespace hone
