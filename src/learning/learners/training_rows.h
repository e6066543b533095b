// What every learner asks of its rows.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "features/dataset.h"

namespace hone {

// Fewest rows a learner fits on.
inline constexpr std::size_t kMinTrainingRows = 30;

// At least kMinTrainingRows rows and one column, labels finite, features finite or NaN. kInvalidData names the row and
// the column; `learner` is the error's source.
Status CheckTrainingRows(const std::string& learner, const Dataset& data);

}  // namespace hone
