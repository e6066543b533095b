// The largest fall of compounded returns from a high before it, as a fraction of that high: 0.2 is a fall by a fifth.
#pragma once

#include <span>

namespace hone {

// Wealth begins at 1 and is multiplied by 1 + return each row; a return of -1 or less ends it (drawdown 1). 0 without
// returns.
double MaximumDrawdown(std::span<const double> returns);

}  // namespace hone
