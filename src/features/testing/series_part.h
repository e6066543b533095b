// A piece of a series, for tests.
#pragma once

#include <algorithm>
#include <cstddef>

#include "market/bar.h"

namespace hone::testing_features {

// Bars [begin, end), as far as there are any.
inline BarSeries SeriesPart(const BarSeries& whole, std::size_t begin, std::size_t end) {
  BarSeries part = whole;
  end = std::min(end, whole.bars.size());
  part.bars.assign(whole.bars.begin() + static_cast<std::ptrdiff_t>(begin),
                   whole.bars.begin() + static_cast<std::ptrdiff_t>(end));
  return part;
}

}  // namespace hone::testing_features
