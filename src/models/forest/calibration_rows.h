// Rows on which a forest's evaluators are compared: every value on or beside a threshold of its column, or special.
#pragma once

#include <cstddef>
#include <vector>

#include "models/forest/tree.h"

namespace hone {

// `count` rows of forest.width values; the same for the same forest.
std::vector<double> CalibrationRows(const Forest& forest, std::size_t count);

}  // namespace hone
